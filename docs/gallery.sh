#!/usr/bin/env bash
# Makes docs/gallery.md and its pictures: docs/gallery.sh, from anywhere in a clone. Every experiment is trained briefly, two minutes of
# processor time in all; MNIST is looked for as 'lenet data' says.
set -euo pipefail
cd "$(dirname "$0")/.."
root="$PWD" work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
dotnet build -c Release -v q Experiments > /dev/null
lenet() { (cd "$work" && dotnet "$root/Experiments/bin/Release/net10.0/lenet.dll" "$@"); }

rm -rf docs/gallery
mkdir docs/gallery
cat > docs/gallery.md << 'PAGE'
# Gallery

What each experiment learns, in pictures from its run's report (`report.html`, `lenet report RUN --figures`). [`docs/gallery.sh`](gallery.sh) makes this page and all of
its pictures again.

So that this takes minutes, every experiment is trained **briefly**, with the options that stand beside it: the accuracies below are not those of whole runs, which stand in the
[README](../README.md) and in [lenet-1998.md](lenet-1998.md). In the curves, blue is training (faint by step) and orange is the test set. In the matrices a row is a class, a column
an answer. Of the filters, white is 0, orange above, blue below; C3 has a column for each map that it makes, a row for each map that goes in. The mistakes are the worst ones, as
figure 8 of LeCun et al. 1998 shows its own: the class, the answer, and below the probabilities of both.
PAGE

while read -r name options; do
  # shellcheck disable=SC2086 # The options are words.
  test="$(lenet train "$name" $options --figures --out "$name" 2> /dev/null | sed -n 's/^Test: //p')"
  mkdir "docs/gallery/$name"
  (cd "$work/$name/figures" && cp loss.svg confusion.svg mistakes.png "$root/docs/gallery/$name")
  filters=""
  for file in "$work/$name"/figures/filters-*.png; do
    # Thousands of filters of wide layers say less than a few dozen, and weigh more than all the rest.
    if [ "$(stat -c %s "$file")" -le 60000 ]; then
      cp "$file" "docs/gallery/$name"
      filters+=$'\n'"![The filters of $(basename "$file" .png | sed 's/^filters-//')](gallery/$name/$(basename "$file"))"$'\n'
    fi
  done
  cat >> docs/gallery.md << PAGE

## $name

$(lenet list --json 2> /dev/null | sed -n "s/.*\"name\":\"$name\",\"line\":\"\([^\"]*\)\".*/\1/p" | sed 's/^./\u&/'). Here: \`lenet train $name${options:+ $options}\`: $test

<img src="gallery/$name/loss.svg" width="440" alt="The loss of $name over its epochs"> <img src="gallery/$name/confusion.svg" width="320" alt="The confusion matrix of $name">
$filters
![The worst mistakes of $name](gallery/$name/mistakes.png)
PAGE
done << 'LIST'
digits
folk --epochs 2
official --epochs 1
repdl --epochs 1
fast --epochs 1
lenet-1998 --epochs 2 --train-limit 10000
classic-sigmoid --epochs 2
classic-tanh --epochs 1
tensorflow --steps 150
LIST
du -sh docs/gallery
