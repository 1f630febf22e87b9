# SSH is not open to the world: administration goes through the bastion or the VPN.
package guardrails.public_ssh

# Fields that stand beside each other belong together: `rules.3.port` and `rules.3.source`.
deny contains {"msg": msg, "resource": resource} if {
	some step in input.steps
	step.action != "destroy"

	# One look at each name decides whether the rest is worth its time: few fields are ports.
	some field in object.get(step, "fields", [])
	strings.any_suffix_match(lower(field.name), ["port", "ports", "port_range", "service"])
	leaf(field.name) in {"port", "ports", "to_port", "from_port", "dport", "destination_port", "dst_port", "port_range", "service"}
	is_ssh(field.after)
	port := field.name
	fields := after(step)
	some from, source in fields
	parent(from) == parent(port)
	leaf(from) in {"source", "sources", "src", "saddr", "from", "cidr", "cidr_blocks", "source_address", "remote_ip_prefix"}
	is_world(source)
	not refused(fields, parent(port))
	resource := sprintf("%s/%s/%s", [step.resource.target, step.resource.kind, step.resource.name])
	msg := sprintf("`%s` opens SSH to the whole Internet; allow the bastion's or the VPN's network instead", [port])
}

after(step) := {field.name: field.after |
	some field in object.get(step, "fields", [])
	field.after != null
}

parent(name) := concat(".", array.slice(split(name, "."), 0, count(split(name, ".")) - 1))

leaf(name) := lower(split(name, ".")[count(split(name, ".")) - 1])

is_ssh(value) if value == 22

is_ssh(value) if {
	is_string(value)
	lower(value) == "ssh"
}

is_ssh(value) if {
	is_string(value)
	some part in split(value, ",")
	trim_space(part) in {"22", "22/tcp", "tcp/22"}
}

is_ssh(value) if {
	is_string(value)
	some part in split(value, ",")
	regex.match(`^\s*[0-9]+\s*[-:]\s*[0-9]+\s*$`, part)
	ends := [to_number(trim_space(end)) | some end in split(replace(part, ":", "-"), "-")]
	ends[0] <= 22
	ends[1] >= 22
}

is_ssh(value) if {
	is_array(value)
	some one in value
	is_ssh_one(one)
}

is_ssh_one(value) if value == 22

is_ssh_one(value) if {
	is_string(value)
	lower(value) in {"22", "ssh"}
}

is_world(value) if is_everybody(value)

is_world(value) if {
	is_array(value)
	some one in value
	is_everybody(one)
}

is_everybody(value) if {
	is_string(value)
	some part in split(value, ",")
	trim_space(lower(part)) in {"0.0.0.0/0", "::/0", "any", "*", "all", "internet", "0.0.0.0", "world"}
}

refused(fields, at) if {
	some name, value in fields
	parent(name) == at
	leaf(name) in {"action", "policy", "verdict", "target", "decision"}
	is_string(value)
	lower(value) in {"deny", "drop", "reject", "block"}
}
