#!/usr/bin/env bash
# The step of action.yml: the verdict goes to the log and to the summary of the job, and its exit code decides about the step.
set -euo pipefail

options=()
[ -z "${PROFILE:-}" ] || options+=(--profile "$PROFILE")
[ -z "${CONFIG:-}" ] || options+=(--config "$CONFIG")
while IFS= read -r path; do
  [ -z "$path" ] || options+=(--filename "$path")
done <<< "${MANIFESTS:-.}"

report=$(mktemp)
trap 'rm -f "$report"' EXIT
status=0
"${GAMBESON:-gambeson}" review "${options[@]}" > "$report" || status=$?
cat "$report"
# Its exit code is that of the report.
[ -z "${SARIF:-}" ] || "${GAMBESON:-gambeson}" review "${options[@]}" --output sarif > "$SARIF" || true
{
  echo "### Gambeson review"
  echo
  # Indented, it is shown as it is, whatever stands in it.
  sed 's/^/    /' "$report"
} >> "${GITHUB_STEP_SUMMARY:-/dev/null}"
exit "$status"
