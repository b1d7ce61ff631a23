#!/usr/bin/env bash
# Five-fold fine-tuning: each text is answered by a model that was trained on the other four fifths of the texts. Then all answers together against those of the model before.
#   folds.sh OUTPUT [OPTION OF xdistil train]...
# Runs where OUTPUT holds part of it already go on from there. XDISTIL is the tool (else xdistil from the PATH), XDISTIL_MODEL the model to begin with.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
output=${1:?"usage: folds.sh OUTPUT [OPTION OF xdistil train]..."}
shift
xdistil=${XDISTIL:-xdistil}
data=$here/questions.json
mkdir -p "$output"

for fold in 1 2 3 4 5; do
  "$xdistil" data split "$data" --titles "$here/fold-$fold.txt" --overwrite \
    --train-output "$output/train-$fold.json" --dev-output "$output/test-$fold.json"
  "$xdistil" train --train-file "$output/train-$fold.json" --output "$output/model-$fold" --save-total-limit 1 --resume "$@"
  "$xdistil" predict --data "$output/test-$fold.json" --model "$output/model-$fold" --decoder squad --output "$output/adapted-$fold.jsonl" --overwrite
done
cat "$output"/adapted-?.jsonl >"$output/adapted.jsonl"
"$xdistil" predict --data "$data" --decoder squad --output "$output/before.jsonl" --overwrite
"$xdistil" evaluate --data "$data" --predictions "$output/before.jsonl" --compare "$output/adapted.jsonl" --report "$output/report.html" --overwrite
"$xdistil" evaluate --data "$data" --predictions "$output/adapted.jsonl"
