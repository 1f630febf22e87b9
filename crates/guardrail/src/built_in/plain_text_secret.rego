# No secret stands in plain text in a plan: who reads plans must not learn what opens doors.
package guardrails.plain_text_secret

# A field whose name says that it holds a secret holds a reference to one, never the secret.
deny contains {"msg": msg, "resource": name} if {
	some step in input.steps
	some field in object.get(step, "fields", [])
	is_string(field.after)
	field.after != ""
	regex.match(`(?i)(^|[._-])(password|passwd|passphrase|secret|token|api_?key|private_?key|client_?secret)$`, field.name)
	not hidden(field.after)
	name := sprintf("%s/%s/%s", [step.resource.target, step.resource.kind, step.resource.name])
	msg := sprintf("the field `%s` holds a secret in plain text; keep it in the secret store and refer to it", [field.name])
}

# Some secrets are known by their looks, whatever their field is called.
deny contains {"msg": msg, "resource": name} if {
	some step in input.steps
	some field in object.get(step, "fields", [])
	is_string(field.after)

	# One look over a long text decides whether the others are worth their time.
	regex.match(`-----BEGIN |AGE-SECRET-KEY-1|AKIA|ASIA|gh[pousr]_|glpat-|hvs\.`, field.after)
	some what, pattern in looks
	regex.match(pattern, field.after)
	name := sprintf("%s/%s/%s", [step.resource.target, step.resource.kind, step.resource.name])
	msg := sprintf("the field `%s` looks like %s in plain text; keep it in the secret store and refer to it", [field.name, what])
}

looks := {
	"a private key": `-----BEGIN ([A-Z]+ )?PRIVATE KEY-----`,
	"an age key": `AGE-SECRET-KEY-1[0-9A-Z]{20,}`,
	"an AWS access key": `\b(AKIA|ASIA)[0-9A-Z]{16}\b`,
	"a GitHub token": `\bgh[pousr]_[0-9A-Za-z]{36,}\b`,
	"a GitLab token": `\bglpat-[0-9A-Za-z_-]{20,}\b`,
	"a Vault token": `\bhvs\.[0-9A-Za-z_-]{24,}\b`,
}

# Fingerprints, sealed values, references and variables are not secrets.
hidden(value) if startswith(value, "(secret, ")

hidden(value) if startswith(value, "ENC[")

hidden(value) if regex.match(`^(vault|openbao|sops|secret|env|file|op|awssm):`, value)

hidden(value) if regex.match(`^(\$\{[^}]+\}|\{\{[^}]+\}\}|\$[A-Z_][A-Z0-9_]*)$`, value)

hidden(value) if regex.match(`^!?vault( |$)`, value)
