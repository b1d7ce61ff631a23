#!/usr/bin/env bash
# Tries predict.sbatch on a Slurm of one node that lives in a temporary folder: 8 shards, one task killed and requeued, one requeued while it runs, the merge compared with a run in one piece.
# Needs root and Debian's slurm-wlm and munge. XDISTIL: the tool; XDISTIL_MODEL: the model (else the one under weights/); ROWS: how many.
set -euo pipefail
cd "$(dirname "$0")"
tool=$(realpath "${XDISTIL:-../../src/XDistilTorch.Cli/bin/Release/net10.0/xdistil}")
here=$PWD folder=$(mktemp -d) shards=8 ROWS=${ROWS:-2100}
export XDISTIL=$tool SLURM_CONF=$folder/slurm.conf

daemons=()
tear_down() {
  scancel --user=root 2>/dev/null && until_true "no task is left" all_over || true
  for ((i = ${#daemons[@]} - 1; i >= 0; i--)); do kill "${daemons[i]}" 2>/dev/null && wait "${daemons[i]}" || true; done
  rm -rf "$folder"
}
trap tear_down EXIT
until_true() { # WHAT COMMAND...: waits until it succeeds, for ten minutes
  local what=$1 i; shift
  for ((i = 0; i < 3000; i++)); do "$@" >/dev/null 2>&1 && return; sleep 0.2; done
  echo "waited in vain until $what" >&2
  tail -n 20 "$folder"/*.log >&2
  return 1
}

start_slurm() {
  chmod 755 "$folder" # munged mistrusts a folder that not all may enter
  dd if=/dev/urandom of="$folder/munge.key" bs=128 count=1 status=none
  chmod 400 "$folder/munge.key"
  munged --foreground --force --key-file="$folder/munge.key" --socket="$folder/munge.sock" --pid-file="$folder/munge.pid" \
    --seed-file="$folder/munge.seed" --log-file="$folder/munged.log" 2>"$folder/munged.err.log" & daemons+=($!)
  # cred_expire: a requeued job waits for as long as an old credential could be used, by default two minutes.
  cat >"$SLURM_CONF" <<END
ClusterName=try
SlurmctldHost=$(hostname -s)(127.0.0.1)
SlurmctldPort=$((port = 20000 + $$ % 20000))
SlurmdPort=$((port + 1))
SlurmUser=root
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket=$folder/munge.sock,cred_expire=5
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
MpiDefault=none
ReturnToService=2
SlurmdParameters=config_overrides
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
NodeName=$(hostname -s) NodeAddr=127.0.0.1 CPUs=2 RealMemory=16000 State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
END
  mkdir "$folder/state" "$folder/spool"
  until_true "munge answers" munge -S "$folder/munge.sock" --input=/dev/null
  slurmctld -D -f "$SLURM_CONF" 2>"$folder/slurmctld.log" & daemons+=($!)
  slurmd -D -f "$SLURM_CONF" 2>"$folder/slurmd.log" & daemons+=($!)
  until_true "the node is idle" bash -c '[ "$(sinfo -h -o %T)" = idle ]'
}

rows() { # invented ones; 128 are a chunk
  local i
  for ((i = 0; i < ROWS; i++)); do
    printf '{"id":"row %d","question":"Who kept lamp %d?","context":"Lamp %d stood on the north pier. In winter keeper %d lit it, and the clock struck %d."}\n' \
      $i $i $i $((i * 7 % 101)) $((i % 12 + 1))
  done
}

has_written() { grep -q '"rows_written": [1-9]' "$OUT.$1.partial.json" || [ -e "$OUT.$1" ]; }
state() { scontrol show job "${job}_$1" -o | sed -E 's/.* JobState=([A-Z]+).*/\1/'; }
is_over() { [[ $(state "$1") =~ ^(FAILED|CANCELLED|COMPLETED|NODE_FAIL)$ ]]; }
unfinished() { # TASK
  [ ! -e "$OUT.$1" ] || { echo "task $1 had finished too early: give more ROWS" >&2; exit 1; }
  echo "task $1 stopped: $(state "$1"), $(grep -o "rows_written\": [0-9]*" "$OUT.$1.partial.json")"
}
all_over() { [ -z "$(squeue -h -o %i)" ]; }

rows >"$folder/rows.jsonl"
start_slurm
export DATA=$folder/rows.jsonl OUT=$folder/answers.jsonl SHARDS=$shards
job=$(sbatch --parsable --array=0-$((shards - 1)) --cpus-per-task=1 --mem=1G --output="$folder/task-%a.log" "$here/predict.sbatch")

until_true "task 0 has written rows" has_written 0
scancel --signal=KILL --batch "${job}_0"
until_true "task 0 is over" is_over 0
unfinished 0
until_true "task 2 has written rows" has_written 2
scontrol requeue "${job}_2" # while it runs: Slurm sends SIGTERM
until_true "task 2 has stopped" grep -q "go on with --resume" "$folder/task-2.log"
unfinished 2
if "$tool" predict merge "$OUT".{0..7} --output "$OUT" 2>"$folder/merge.log"; then
  echo "merged although a shard is missing" >&2
  exit 1
fi
scontrol requeue "${job}_0"
until_true "all tasks are over" all_over

"$tool" predict merge "$OUT".{0..7} --output "$OUT"
OMP_NUM_THREADS=1 "$tool" predict --data "$DATA" --output "$folder/whole.jsonl"
cmp "$OUT" "$folder/whole.jsonl"
echo "the shards, merged, are the run in one piece"
