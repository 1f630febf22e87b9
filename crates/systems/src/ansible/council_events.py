# Prints what happens as one JSON object a line, for council to read. Nothing is written to a file.
#
# Ansible hands out results in which tasks with `no_log` are already censored; of all others only what a plan shows is
# passed on: host, task, place, outcome, message of a failure, and the difference.
from __future__ import annotations

import json
import sys

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
    name: council_events
    type: stdout
    short_description: results as JSON lines
    description: Prints one JSON object for each result of a task on a host.
"""

# A difference longer than this is cut on this side of the pipe; council shows the digest of what is left.
LONGEST = 1024 * 1024


def text(value):
    if value is None:
        return None
    if isinstance(value, str):
        return value[:LONGEST]
    return json.dumps(value, indent=2, sort_keys=True, default=str)[:LONGEST]


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "stdout"
    CALLBACK_NAME = "council_events"

    def say(self, **event):
        sys.stdout.write("council " + json.dumps(event, default=str) + "\n")
        sys.stdout.flush()

    def result(self, outcome, result, ignored=False):
        values = result._result
        differences = values.get("diff") or []
        if isinstance(differences, dict):
            differences = [differences]
        for item in values.get("results") or []:
            more = item.get("diff") if isinstance(item, dict) else None
            differences.extend([more] if isinstance(more, dict) else more or [])
        self.say(
            host=result._host.get_name(),
            task=result._task.get_name(),
            place=result._task.get_path() or "",
            outcome=outcome,
            changed=bool(values.get("changed")),
            ignored=bool(ignored),
            hidden=bool(result._task.no_log) or "censored" in values,
            message=text(values.get("msg")) if outcome != "ok" else None,
            differences=[
                {
                    "name": text(one.get("after_header") or one.get("before_header")) or "",
                    "before": text(one.get("before")),
                    "after": text(one.get("after")),
                    "prepared": text(one.get("prepared")),
                }
                for one in differences
                if isinstance(one, dict)
            ],
        )

    def v2_runner_on_ok(self, result):
        self.result("ok", result)

    def v2_runner_on_failed(self, result, ignore_errors=False):
        self.result("failed", result, ignored=ignore_errors)

    def v2_runner_on_unreachable(self, result):
        self.result("unreachable", result)

    def v2_runner_on_skipped(self, result):
        self.result("skipped", result)

    def v2_playbook_on_no_hosts_matched(self):
        self.say(outcome="nobody")

    def v2_playbook_on_stats(self, stats):
        self.say(outcome="end")
