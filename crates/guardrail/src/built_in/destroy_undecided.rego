# Nothing is destroyed in production unless the council has decided so.
package guardrails.destroy_undecided

deny contains {"msg": msg, "resource": name} if {
	count(object.get(data.council, "cites", [])) == 0
	some step in input.steps
	step.action in {"destroy", "replace"}

	# What an approved change made is taken back by its own rollback: that was decided with it.
	not step.reverts
	target := object.get(object.get(data.council, "targets", {}), step.resource.target, {})
	object.get(target, "tier", "production") == "production"
	name := sprintf("%s/%s/%s", [step.resource.target, step.resource.kind, step.resource.name])
	msg := sprintf("it would %s something in production, and the change cites no decision", [step.action])
}
