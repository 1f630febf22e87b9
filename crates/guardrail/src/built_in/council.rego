# What council knows about a plan besides: policies read it as `data.council`. It comes with the input, so that the engine
# is prepared once for all plans.
package council

change := input.council.change

author := input.council.author

cites := input.council.cites

required_labels := input.council.required_labels

targets := input.council.targets
