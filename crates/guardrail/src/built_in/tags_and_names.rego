# What is made is labelled and named so that people find out whose it is.
package guardrails.tags_and_names

deny contains {"msg": msg, "resource": name} if {
	some step in input.steps
	step.action in {"create", "replace"}
	some label in object.get(data.council, "required_labels", ["owner"])
	object.get(object.get(step, "labels", {}), label, "") == ""
	name := sprintf("%s/%s/%s", [step.resource.target, step.resource.kind, step.resource.name])
	msg := sprintf("it has no label `%s`; its target in the playbook says it", [label])
}

# Files keep the names that programs want; everything else is lower case, so that names compare.
deny contains {"msg": msg, "resource": name} if {
	some step in input.steps
	step.action in {"create", "replace"}
	step.resource.kind != "file"
	not regex.match(`^[a-z0-9][a-z0-9._/@:-]*$`, step.resource.name)
	name := sprintf("%s/%s/%s", [step.resource.target, step.resource.kind, step.resource.name])
	msg := "its name is not lower-case letters, digits and `._/@:-`"
}

deny contains {"msg": msg, "resource": name} if {
	some step in input.steps
	step.action in {"create", "replace"}
	step.resource.kind == "file"
	regex.match(`[\s\x00-\x1f\\]|(^|/)\.\.(/|$)|^/`, step.resource.name)
	name := sprintf("%s/%s/%s", [step.resource.target, step.resource.kind, step.resource.name])
	msg := "its name holds a blank, a backslash or a way out of its directory"
}
