#!/usr/bin/env bash
# The shards of a run of predictions with GNU parallel, JOBS (else one) at once, and their merge:
#   parallel.sh rows.jsonl answers.jsonl 8 [more options of xdistil predict]
# Run it again to go on: shards that are finished prove it and end at once.
set -euo pipefail
data=$1 output=$2 shards=$3
shift 3
tool=${XDISTIL:-xdistil} jobs=${JOBS:-1}

# The same number for all: the last digit of a score may depend on it.
threads=$(($(nproc) / jobs))
export OMP_NUM_THREADS=${OMP_NUM_THREADS:-$((threads > 0 ? threads : 1))}

# --halt soon: no new shard after a failure; --termseq: a shard may finish its chunk. Not --resume: parallel's log knows nothing of the options, the tool's does.
seq 0 $((shards - 1)) | parallel --will-cite --quote --jobs "$jobs" --joblog "$output.joblog" --halt soon,fail=1 --termseq TERM,600000,KILL,25 \
  "$tool" predict --data "$data" --output "$output.{}" --shard "{}/$shards" --resume "$@"

mapfile -t parts < <(seq -f "$output.%.0f" 0 $((shards - 1)))
"$tool" predict merge "${parts[@]}" --output "$output"
