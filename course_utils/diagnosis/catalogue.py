"""What a learner reads about each mistake: the link, the misconception, where to look.

Each entry is (group, link, refutation, where to look). A link is said without the right formula;
the
group gives the rule and the shape of the line, for those who ask again. Names in braces are filled
in.
"""

# The rule behind a group of mistakes, and the shape of the line that it leads to.
GROUPS = {
    "chain": (
        "The rule: along a chain, each link contributes one factor, its own slope, taken at the "
        "value that enters this link; the factors are multiplied.",
        "The line has the shape: slope_of_outer(inner) * slope_of_inner, with `inner` written out.",
    ),
    "power": (
        "The rule: in the slope of a power the exponent does two things: it comes in front as a "
        "factor, and what stays above is one less.",
        "The line has the shape: exponent * base ** lowered_exponent * slope_of_base.",
    ),
    "sum": (
        "The rule: a sum is differentiated term by term; a constant does not move, so it adds "
        "nothing.",
        "The line has the shape: slope_of_first_term + slope_of_second_term + ..., each with its "
        "sign.",
    ),
    "product": (
        "The rule: in a product one factor moves at a time while the others stay; there is a term "
        "for each factor, and the terms are added.",
        "The line has one term for each factor: slope_of_this_factor * all_the_others, and a plus "
        "between the terms.",
    ),
    "quotient": (
        "The rule: both numerator and denominator move. A growing numerator raises a quotient, a "
        "growing denominator lowers it, and the denominator's square stands below.",
        "The line has the shape: (first_term - second_term) / denominator_squared, with brackets "
        "around the numerator and around each sum.",
    ),
    "activation": (
        "The rule: an activation multiplies what comes back by its slope, entry by entry, and the "
        "slope is taken at the pre-activation.",
        "The line has the shape: upstream * slope, where the slope has the shape of the upstream.",
    ),
    "constant": (
        "The rule: a constant factor of the loss stays in every gradient, once. A mean contributes "
        "one division; a square contributes its exponent.",
        "Write the loss of one sample beside your first backward line, and count the constants in "
        "both.",
    ),
    "bias": (
        "The rule: what was broadcast was used once for each copy, and contributions of all uses "
        "are added; the gradient then has the variable's own shape.",
        "The line has the shape: upstream.sum(axis=...), over the axes that were copied.",
    ),
    "weights": (
        "The rule: a weight's gradient pairs what entered this layer with what comes back to it, "
        "summed over the samples. The shape of W tells the order.",
        "The line has the shape: (input of this layer) with (gradient of this pre-activation), one "
        "of them transposed.",
    ),
    "back": (
        "The rule: what comes back to a layer's input goes through the same weights, turned round; "
        "the shapes allow one order only.",
        "The line has the shape: gradient_of_output @ weights_turned_round.",
    ),
    "loss": (
        "The rule: where softmax or sigmoid and its cross-entropy are differentiated together, one "
        "slope toward the logits comes out for both, and nothing is to be multiplied to it.",
        "The line has the shape: something simple made of P and Y, divided once.",
    ),
    "penalty": (
        "The rule: the penalty is a term of the loss of its own; its gradient is added, to the "
        "weights that it is made of and to nothing else.",
        "The line has the shape: gradient_of_data_term + gradient_of_penalty.",
    ),
    "fork": (
        "The rule: along a path multiply, over all paths add. A value that is used twice collects "
        "a contribution from each use.",
        "The line has the shape: contribution_of_one_use + contribution_of_the_other.",
    ),
    "softmax": (
        "The rule: each probability depends on every logit of its own row: raising one logit "
        "lowers all the others. So every row of the Jacobian adds up to 0.",
        "The line has the shape: P * (U - a weighted average of each row of U).",
    ),
    "statistics": (
        "The rule: mean and deviation are made of the same X, so X reaches the result on these "
        "paths too. Each path has its contribution, and they are added.",
        "Name every value of the forward pass, and write one backward line for each use of it.",
    ),
    "upstream": (
        "The rule: a backward pass starts from the gradient that is handed to it, not from 1. Each "
        "local derivative is multiplied by what comes from beyond.",
        "The line has the shape: upstream * local_derivative.",
    ),
    "forward": (
        "The rule: local derivatives are taken at the values of the forward pass. If the forward "
        "pass is computed anew, it must be the same one.",
        "Print each value of your forward pass beside the given one.",
    ),
    "result": (
        "The rule: a gradient has the shape of its variable, and each entry says how the loss "
        "moves if this entry alone moves.",
        "Print the shape of each gradient beside the shape of its variable.",
    ),
    "sign": (
        "The rule: a derivative is positive where the function rises. Try one "
        "point: move the input "
        "a little to the right and see which way the value goes.",
        "Go through the line factor by factor, and give each its own sign.",
    ),
    "difference": (
        "The rule: a difference quotient is a change of f divided by the distance between the two "
        "points at which f was called; one entry moves at a time.",
        "The line has the shape: (f(one_side) - f(other_side)) / distance.",
    ),
    "best step": (
        "The rule: at the lowest point of a sum of two errors its slope is 0, so the slopes of "
        "both errors balance there.",
        "Write the slope of each error, set their sum to 0, and solve for h on paper.",
    ),
    "relative error": (
        "The rule: a relative error compares the size of a difference with the sizes of both that "
        "were subtracted, so it is the same at every scale and never above 1.",
        "The line has the shape: size_of_difference / (something made of both sizes).",
    ),
    "checker": (
        "The rule: a checker is worth what it tells apart, so try it on gradients that you have "
        "made wrong yourself, one mistake at a time, and on right ones.",
        "The order is: does each gradient fit, does the entry count, is the difference small.",
    ),
    "graph": (
        "The rule: a value passes its gradient on once, when all that use it have given theirs; "
        "each contribution is the local derivative times that gradient, and is added.",
        "The loop has the shape: for value in order_from_the_end: for parent, local in ...: add "
        "local * something to something.",
    ),
    "implicit": (
        "The rule: differentiate both sides toward x, with y as a function of "
        "x; then solve for its "
        "slope.",
        "The line has the shape: -(derivative toward x) / (derivative toward y), with brackets.",
    ),
    "step": (
        "The rule: a step of gradient descent goes from the old point against the gradient, as far "
        "as the rate says.",
        "The line has the shape: old - rate * derivative, once for each entry.",
    ),
    "value": (
        "The rule: compare the formula term by term with the one in the text, "
        "and try it by hand on "
        "two numbers.",
        "Write each term on a line of its own, and print them.",
    ),
}

ENTRIES = {
    # Chains and expressions.
    "inner-derivative-missing": (
        "chain",
        "in {part}, the slope of the inner function {u} is missing as a factor.",
        "You may think that the outer derivative is all, but when x moves, {u} moves at a rate of "
        "its own.",
        "Look at what your line multiplies the outer derivative by.",
    ),
    "outer-derivative-missing": (
        "chain",
        "the slope of {part_or_node} is missing as a factor: what comes back passes it as if it "
        "were 1.",
        "You may think that this link only hands its value on, but it stretches every change by "
        "its slope.",
        "Count your factors: there must be one for each link.",
    ),
    "outer-at-x": (
        "chain",
        "the derivative of {f} in {part} is taken at x, and not at what enters it.",
        "You may think that all derivatives are taken at x, but {f} never sees "
        "x: it is handed {u}.",
        "Look at what stands inside the outer derivative.",
    ),
    "outer-at-other": (
        "chain",
        "the derivative of {part_or_node} is taken at {at}, which is not what enters it.",
        "Each slope is taken at what enters its own link.",
        "Look at what stands inside that derivative.",
    ),
    "outer-at-output": (
        "chain",
        "the derivative of {part_or_node} is taken at what leaves it, not at what enters it.",
        "You may have moved on to the next value before taking the slope.",
        "Look at what you hand to this slope.",
    ),
    "inner-differentiated-inside": (
        "chain",
        "in {part}, the slope of {u} stands inside the outer derivative, where the value of {u} "
        "belongs.",
        "You may think that differentiating goes inward, but the outer function keeps its "
        "argument; the inner slope is a factor beside it.",
        "Look at what stands inside the outer derivative.",
    ),
    "only-inside-differentiated": (
        "chain",
        "in {part} only the inside is differentiated: the outer function stands around it as it "
        "was.",
        "Both links move, so both have a slope; and the outer function keeps its argument.",
        "Count your factors, and look at what stands inside.",
    ),
    "sum-for-product": (
        "chain",
        "at {part_or_node} the slopes of two links are added; along one path they are multiplied.",
        "You may think of two effects that add up. Those are two paths; here is one path with "
        "several links.",
        "Look at the operator between the factors.",
    ),
    "difference-for-product": (
        "chain",
        "at {part_or_node} the slopes of two links are subtracted; along one path they are "
        "multiplied.",
        "Rates along a chain stretch one another; nothing is taken away.",
        "Look at the operator between the factors.",
    ),
    "quotient-for-product": (
        "chain",
        "at {part_or_node} one slope is divided by another; along one path they are multiplied.",
        "A faster inner link makes the whole chain faster, so it cannot stand below.",
        "Look at the operator between the factors.",
    ),
    "inner-derivative-twice": (
        "chain",
        "in {part}, the slope of {u} is there twice.",
        "Each link contributes its slope once.",
        "Count your factors.",
    ),
    "inner-value-for-derivative": (
        "chain",
        "in {part}, the factor beside the outer derivative is the value of {u}, not its slope.",
        "You may think of the inner value as the factor, but a chain multiplies rates, not values.",
        "Look at the factor beside the outer derivative.",
    ),
    "inner-value-times": (
        "chain",
        "in {part}, the value of {u} is there as a factor beside the slopes.",
        "A chain multiplies rates; a value alone is none of them.",
        "Count your factors.",
    ),
    "value-for-derivative": (
        "chain",
        "at {part_or_node} the value of the function stands where its slope belongs.",
        "The value says where the function is; what comes back is stretched by how steep it is.",
        "Look at the factor for this link.",
    ),
    "value-times": (
        "chain",
        "the value of {part} is there as a factor, beside its slope.",
        "A chain multiplies rates; a value alone is none of them.",
        "Count your factors, the one that you start from too.",
    ),
    "outer-at-end": (
        "chain",
        "the derivative of every link is taken at the last value of the chain.",
        "No link is handed that value: it is what leaves the last one.",
        "Look at what stands inside each derivative.",
    ),
    "slopes-handed-on": (
        "chain",
        "what enters each link is the slope of the one before it, not its value.",
        "A chain hands values on; the slopes are collected beside it.",
        "Look at what your next link is called with.",
    ),
    "derivative-squared": (
        "chain",
        "the slope of {part_or_node} is there twice.",
        "Each link contributes its slope once.",
        "Count your factors.",
    ),
    "slope-of-another-function": (
        "chain",
        "the slope at {part_or_node} is that of {wrong}.",
        "Functions that belong together, such as one and its inverse, still have slopes of their "
        "own.",
        "Look at which function stands in the forward pass.",
    ),
    "reciprocal": (
        "chain",
        "the slope of {part_or_node} stands below, and not above.",
        "A steeper link stretches a change more, so its slope multiplies.",
        "Look at where this factor stands.",
    ),
    "slope-upside-down": (
        "chain",
        "the slope of {part} is upside down.",
        "A steep function has a large slope; yours is small where {part} is steep.",
        "Look at what stands above the fraction line, and what below.",
    ),
    "not-differentiated": (
        "chain",
        "what came back is the function {part} itself, and not its derivative.",
        "The value and the slope are different things, at every point.",
        "Look at what your function returns.",
    ),
    "part-not-differentiated": (
        "chain",
        "{part} stands in your derivative as it is: it was not differentiated.",
        "It depends on x, so it contributes its slope, not its value.",
        "Look at the term that comes from {part}.",
    ),
    "part-taken-as-constant": (
        "chain",
        "{part} is treated as if it did not depend on x.",
        "It is easily taken for a constant, but it moves with x.",
        "Look for the contribution of {part}.",
    ),
    "sign-of-derivative": (
        "sign",
        "the derivative of {f} in {part} has the wrong sign.",
        "Where {f} falls, its derivative is negative.",
        "Look at the sign of this one factor.",
    ),
    "sign-of-link": (
        "sign",
        "what comes back through {part_or_node}{toward} has the wrong sign.",
        "A value that is subtracted, or that stands below a fraction line, lowers the result.",
        "Look at each sign on this way.",
    ),
    "wrong-sign": (
        "sign",
        "{all_or_outputs} has the right size everywhere and the wrong sign.",
        "A derivative is positive where the function rises; the direction of descent is the other "
        "one.",
        "Look at each sign, and at each difference: which of its two terms is subtracted?",
    ),
    "minus-sign-lost": (
        "sign",
        "the minus sign in {part} is lost on the way.",
        "A minus turns the slope round, as it turns the values.",
        "Look at each sign in your derivative.",
    ),
    "derivative-written-wrongly": (
        "chain",
        "the derivative that you use in {part_or_node} is not that of its function.",
        "However alike the formulas may look, it is another function.",
        "Compare this factor with the slope of the curve at one point.",
    ),
    "derivative-of-inverse": (
        "chain",
        "what stands for the slope of {f} in {part} is that of its inverse function.",
        "A function and its inverse undo one another; their slopes are different formulas.",
        "Look up {f} in your table, and compare this factor with it.",
    ),
    "differentiated-twice": (
        "chain",
        "what stands for the slope of {f} in {part} is its second derivative.",
        "One differentiation is enough.",
        "Look at this factor, and at what you differentiated last.",
    ),
    "power-rule-on-exp": (
        "chain",
        "{part_or_node} is differentiated by the rule for powers, but what moves is its exponent.",
        "The rule for powers needs a fixed exponent; here the exponent moves.",
        "Look at the factor for this link.",
    ),
    "exponent-kept": (
        "power",
        "in the slope of {part_or_node} the exponent is as it was before.",
        "You may think that bringing the exponent to the front is all.",
        "Look at the exponent that is left.",
    ),
    "exponent-not-multiplied": (
        "power",
        "the slope of {part_or_node} lacks the exponent as a factor.",
        "You may think that lowering the exponent is all.",
        "Look at the number in front of the power, and at what divides it.",
    ),
    "exponent-lowered-in-front": (
        "power",
        "in the slope of {part_or_node} the factor in front is the lowered exponent.",
        "The exponent comes to the front before it is lowered.",
        "Look at the number in front of the power.",
    ),
    "exponent-lowered-twice": (
        "power",
        "in the slope of {part_or_node} the exponent is lowered twice.",
        "One differentiation lowers it by one.",
        "Look at what is left of the power.",
    ),
    "exponent-raised": (
        "power",
        "in the slope of {part} the exponent is raised, not lowered.",
        "A negative exponent is lowered too: it moves away from 0.",
        "Look at the exponent that is left.",
    ),
    "exponent-twice": (
        "power",
        "the exponent of {part} is there twice as a factor.",
        "It comes to the front once, with the slope of the power.",
        "Count the numbers in front of the power.",
    ),
    "exponent-on-one-term": (
        "power",
        "in the slope of {part_or_node} the exponent multiplies one term of the base only.",
        "What multiplies a sum or a difference concerns all of its terms.",
        "Look at the brackets around the base.",
    ),
    "power-term-by-term": (
        "power",
        "the power of {u} is taken term by term.",
        "The power of a sum is not the sum of the powers: try it with two numbers.",
        "Look at the brackets under your power, or at how you multiply it out.",
    ),
    "coefficients-reversed": (
        "power",
        "the coefficients of your polynomial are in the reverse order.",
        "A list of coefficients does not say which power comes first; the function that reads it "
        "does.",
        "Put in x = 0, and see which coefficient is left.",
    ),
    "exponential-rule": (
        "power",
        "{part} is differentiated by the rule for exponentials, but x stands in its base.",
        "That rule needs a fixed base.",
        "Look at the factor for this link.",
    ),
    "integrated": (
        "power",
        "{part} is integrated, not differentiated.",
        "Raising the exponent and dividing by it goes the other way.",
        "Look at what happens to the exponent.",
    ),
    "antiderivative": (
        "power",
        "what came back is an antiderivative: its own slope is the function.",
        "Integrating goes the other way.",
        "Look at what you made of each term.",
    ),
    "second-derivative": (
        "chain",
        "what came back is the second derivative.",
        "One differentiation too many.",
        "Look at which function you differentiate in your last step.",
    ),
    "value-lost-in-power-rule": (
        "power",
        "in the slope of {part_or_node} only the exponent is left; the base is gone.",
        "The slope of a power still depends on where it is taken.",
        "Look at this factor.",
    ),
    "constant-factor-lost": (
        "constant",
        "the constant factor in {part_or_node} is lost.",
        "A constant does not move, but it stretches what it is multiplied by, and the slope with "
        "it.",
        "Look for this constant in your line.",
    ),
    "constant-factor-squared": (
        "constant",
        "the constant factor in {part} is there twice.",
        "It counts once.",
        "Look for this constant in your line.",
    ),
    "constant-factor-inverted": (
        "constant",
        "the constant in {part_or_node} is on the wrong side of the fraction line.",
        "What stretches the value stretches the slope by the same factor.",
        "Look for this constant in your line.",
    ),
    "constant-kept": (
        "sum",
        "the constant in {part} is still there in the derivative.",
        "A constant does not change when x does.",
        "Look at what you wrote for each term, the constant too.",
    ),
    "term-missing": (
        "sum",
        "the term {term} contributes nothing to your derivative.",
        "Each term moves with x and counts.",
        "Look for the slope of {term}.",
    ),
    "one-term-only": (
        "sum",
        "only the term {term} comes into your derivative.",
        "Each term moves with x and counts.",
        "Count the terms that hold x.",
    ),
    "terms-without-it-kept": (
        "sum",
        "a term in which the variable does not stand is still there in {all_or_outputs}.",
        "What is held fixed does not move, so such a term adds nothing.",
        "Ask of each term whether this variable is in it at all.",
    ),
    "all-factors-differentiated": (
        "product",
        "in a product every factor is differentiated, as if all variables moved.",
        "A partial derivative moves one variable; all others are constants, and a constant factor "
        "stays.",
        "Take one variable at a time, and ask of each factor whether it moves.",
    ),
    "sign-of-term": (
        "sum",
        "the slope of the term {term} has the wrong sign.",
        "The sign before a term stays when the term is differentiated.",
        "Look at the sign before it, and at each sign in its slope.",
    ),
    "constant-factor": (
        "constant",
        "{all_or_outputs} is exactly {c} times what it should be.",
        "A ratio that is the same everywhere is a constant lost or gained.",
        "Look for constants that make this number: of a mean, a square, a step, an inner function.",
    ),
    "constant-returned": (
        "chain",
        "the same number came back for every x.",
        "The slope of a curve depends on where it is taken.",
        "Look at whether your line uses x at all.",
    ),
    "left-zero": (
        "result",
        "{all_or_outputs} is 0 wherever it was tried: nothing came in, a factor 0 did, or all its "
        "terms cancel.",
        "A gradient of zeros says that the variable does not matter, and here it does.",
        "Look at where this result gets its first value, and what is added to it.",
    ),
    "cancelled-to-zero": (
        "result",
        "{all_or_outputs} is 0 but for rounding: the terms in it cancel.",
        "Numbers as small as these are what rounding leaves of a sum whose terms cancel.",
        "Look at what is added up, and over which index.",
    ),
    "activation-factor-missing": (
        "activation",
        "the slope of {part_or_node} has only one of its two factors.",
        "One factor alone is right at no more than a few points.",
        "Look at the slope that you multiply by.",
    ),
    "other-function": (
        "forward",
        "your result is the derivative of another function: in {part}, {what}.",
        "For that function it would be right, but it is not the function of the exercise.",
        "Compare your function with the one in the text, sign by sign.",
    ),
    # Products and quotients.
    "product-factor-by-factor": (
        "product",
        "the product {part} is differentiated factor by factor.",
        "You may think that the slope of a product is the product of the "
        "slopes, but then the slope "
        "of x * x would be 1.",
        "Count your terms: how many factors move?",
    ),
    "slopes-beside-their-own": (
        "product",
        "in {part} each slope is multiplied by the function that it belongs to.",
        "While one factor moves, it is the other one that stays beside it.",
        "Look at what stands beside each slope.",
    ),
    "product-as-quotient": (
        "product",
        "{part} is differentiated by the rule for quotients.",
        "Here nothing is divided: a growing factor raises a product of positive numbers.",
        "Look at which rule you used.",
    ),
    "other-factors-missing": (
        "product",
        "in {part} the slopes of the factors are added without the other factors.",
        "How much a moving factor changes the product depends on what it is multiplied by.",
        "Look at each term: what stays while this factor moves?",
    ),
    "other-factors-missing-on-path": (
        "product",
        "in {part} the term through {through} lacks the other factors.",
        "How much a moving factor changes the product depends on what it is multiplied by.",
        "Look at this term.",
    ),
    "one-path-only": (
        "fork",
        "of the paths through {part} only the one through {through} is there.",
        "You may think that one factor moves and the others are constants, or a later line has "
        "replaced an earlier one; but x reaches the result through each of them.",
        "Count the paths from x to the result, and your terms.",
    ),
    "path-missing": (
        "fork",
        "{missing_path}",
        "A value that is used in two places is reached on two paths, and both count, also where "
        "the second one is a plain copy.",
        "Count the arrows that leave this value in the forward pass; look whether a later line "
        "replaces an earlier contribution.",
    ),
    "sign-of-path": (
        "fork",
        "the contribution through {through} comes in with the wrong sign.",
        "Contributions of paths are added, each with the sign of its own slope.",
        "Look at the sign of this term, and at the sign of the slope in it.",
    ),
    "path-around-the-activation": (
        "fork",
        "what comes back to {node} through {parent} goes past the slope of {node}.",
        "Everything that uses the activation's value comes back through its slope.",
        "Look at where its contributions are added, and at the brackets there.",
    ),
    "slope-of-another-way": (
        "activation",
        "the slope of {around} is multiplied in on a way that does not go through it.",
        "A slope counts only on the ways that lead through its function.",
        "Look at the factors in the lines that are wrong.",
    ),
    "path-twice": (
        "fork",
        "the contribution {through_or_node} is counted twice.",
        "Each path counts once.",
        "Count the paths and your terms, and look for a factor 2 in them.",
    ),
    "slope-missing-on-path": (
        "product",
        "the term through {through} holds no slope: all its factors are values.",
        "In each term one factor moves, and it is its slope that stands there.",
        "Look at this term.",
    ),
    "slope-for-value": (
        "product",
        "in the term through {through}, the slope of {other} stands where its value belongs.",
        "In each term one factor moves; the others stay as they are.",
        "Look at this term: how many slopes does it hold?",
    ),
    "factor-missing-on-paths": (
        "product",
        "the factor {through} is missing in the terms in which it does not move.",
        "A factor that stays still multiplies what moves.",
        "Look at the terms of the other factors.",
    ),
    "factor-missing-on-path": (
        "product",
        "the term through {through} lacks the factor {factor}.",
        "A factor that stays still multiplies what moves.",
        "Look at this term.",
    ),
    "paths-multiplied": (
        "fork",
        "contributions of several paths {at_node}are multiplied.",
        "Along one path rates are multiplied; what comes on different paths is added.",
        "Look at the operator between the contributions.",
    ),
    "paths-averaged": (
        "fork",
        "contributions of several paths {at_node}are averaged.",
        "Each path moves the result by its whole contribution.",
        "Look at how the contributions are joined, and at what divides them.",
    ),
    "difference-of-paths": (
        "fork",
        "contributions of several paths {at_node}are subtracted from one another.",
        "The minus sign belongs to the quotient rule; paths are added.",
        "Look at the operator between the contributions, and at each sign inside them.",
    ),
    "quotient-terms-exchanged": (
        "quotient",
        "the slope of the quotient has the wrong sign, as with the two terms of its rule "
        "exchanged.",
        "With them exchanged the sign turns round: a growing numerator would lower the quotient.",
        "Look at which term is subtracted, and at every other sign.",
    ),
    "quotient-denominator-not-squared": (
        "quotient",
        "a division by the denominator is missing, as in the quotient rule without its square.",
        "The denominator moves as well, and that brings it in a second time.",
        "Count the divisions by the denominator.",
    ),
    "quotient-denominator-missing": (
        "quotient",
        "nothing stands below in your quotient rule.",
        "The numerator of the rule is only half of it.",
        "Look at what stands below.",
    ),
    "quotient-slope-over-slope": (
        "quotient",
        "the slope of the numerator is divided by the slope of the denominator.",
        "You may think of limits, where that is allowed; the slope of a quotient is another thing.",
        "Look at how many terms stand above.",
    ),
    "quotient-plus-for-minus": (
        "quotient",
        "the term in which the denominator {v} moves has the wrong sign.",
        "A growing denominator lowers a quotient, by the quotient rule as well as for a negative "
        "power.",
        "Look at the sign of this term, and at each sign that comes into it.",
    ),
    "quotient-as-product": (
        "quotient",
        "the quotient is differentiated as if it were a product.",
        "A growing denominator lowers a quotient, so its term has another sign and another size.",
        "Look at the whole rule.",
    ),
    "quotient-denominator-constant": (
        "quotient",
        "the denominator {v} is treated as a constant.",
        "It depends on x too.",
        "Look for the slope of {v}.",
    ),
    "quotient-numerator-constant": (
        "quotient",
        "the numerator {u} is treated as a constant.",
        "It depends on x too.",
        "Look for the slope of {u}.",
    ),
    "quotient-brackets-of-numerator": (
        "quotient",
        "only the second term of your numerator is divided.",
        "Python divides before it subtracts.",
        "Look at the brackets around the numerator.",
    ),
    "quotient-brackets-of-term": (
        "quotient",
        "in the {term} term of your numerator a sum has lost its brackets.",
        "A factor multiplies each term of a sum, and what subtracts a sum subtracts each of them.",
        "Look at the brackets, and at the sign of each term in them.",
    ),
    # Activations.
    "activation-derivative-missing": (
        "activation",
        "the slope of {part_or_node} is missing: what comes back passes it as if it were 1.",
        "You may think that an activation only bends the values on the way forward; on the way "
        "back it scales every change by its slope.",
        "Look at the step from what leaves the activation to what enters it.",
    ),
    "activation-mask-always-true": (
        "activation",
        "ReLU at {part_or_node} lets everything back: its mask is missing, or true everywhere.",
        "After ReLU every value is 0 or more, so a comparison there that includes 0 always holds; "
        "no comparison at all does the same.",
        "Look at what your mask compares, and how.",
    ),
    "activation-derivative-at-output": (
        "activation",
        "the slope of {part_or_node} is taken at the activation, not at the pre-activation.",
        "A formula in the pre-activation must not be given what has passed the activation.",
        "Look at what you hand to the slope.",
    ),
    "activation-formula-fed-with-z": (
        "activation",
        "the formula for the slope of {part_or_node} is the one for the activation's value, but it "
        "is fed with the pre-activation.",
        "Two formulas describe the same slope: one takes what enters, the other what leaves.",
        "Look at which of the two your formula is given.",
    ),
    "activation-of-another-kind": (
        "activation",
        "the formula for the slope at {part_or_node} is that of another activation{wrong_act}.",
        "Each activation has a slope of its own, however alike the curves look.",
        "Look at which activation the forward pass uses here.",
    ),
    "activation-square-forgotten": (
        "activation",
        "in the slope of {part_or_node} a square is missing.",
        "Without it the slope is right at 0 and nowhere else.",
        "Look at the exponent in your slope.",
    ),
    "activation-square-misplaced": (
        "activation",
        "in the slope of {part_or_node} the square is in the wrong place.",
        "The square of a difference is not a difference of squares.",
        "Look at the brackets, and at what is squared.",
    ),
    "activation-slope-negative": (
        "activation",
        "your slope of {part_or_node} is negative where it is off.",
        "ReLU never falls.",
        "Look at what your slope gives left of 0.",
    ),
    "activation-plus-for-minus": (
        "activation",
        "in the slope of {part_or_node} a plus stands where a minus belongs.",
        "A saturated unit has a slope near 0, not a large one.",
        "Put a large pre-activation into your slope.",
    ),
    "activation-cosh-not-squared": (
        "activation",
        "the slope of {part_or_node} is there as its square root, as with a hyperbolic cosine "
        "that is not squared.",
        "Where the slope is near 1 the two are alike; further out the root is far too large.",
        "Look at the exponent in your slope.",
    ),
    "activation-brackets-missing": (
        "activation",
        "in the slope of {part_or_node} the brackets are lost: the upstream multiplies the first "
        "term only.",
        "Python multiplies before it subtracts, so the second term stands alone.",
        "Look at what the upstream is multiplied by.",
    ),
    "activation-slope-without-the-bias": (
        "activation",
        "the slope of {part_or_node} is taken without the bias {parent}.",
        "The bias moves what enters the activation, and so the place where the slope is taken.",
        "Look at what you hand to the slope.",
    ),
    "activation-formula-fed-with-another-value": (
        "activation",
        "the formula for the slope of {part_or_node} is fed with {wrong}, which is not the value "
        "of this activation.",
        "The formula holds for what the activation itself gives; another value of the same shape "
        "fits into it without a warning.",
        "Look at what your formula is given.",
    ),
    "activation-constant-where-off": (
        "activation",
        "where {part_or_node} is off, a fixed number is passed back, whatever comes from beyond.",
        "Even a leaky unit scales what comes back; this one cuts it off.",
        "Look at what you pass back where the unit is off.",
    ),
    "activation-mask-reversed": (
        "activation",
        "the mask of {part_or_node} is the wrong way round.",
        "The units that were cut off are those that pass nothing back.",
        "Look at the comparison in your mask, and at what it chooses.",
    ),
    "activation-leaky-slope": (
        "activation",
        "{part_or_node} passes a small part back where it is off: that is a leaky ReLU.",
        "The forward pass cuts off completely there.",
        "Look at what you multiply by where the unit is off.",
    ),
    "activation-mask-of-gradient": (
        "activation",
        "the mask at {part_or_node} is taken from the gradient, not from the pre-activation.",
        "Whether a unit was on is decided on the way forward.",
        "Look at what is compared with 0 here.",
    ),
    "activation-derivative-averaged": (
        "activation",
        "the slope of {part_or_node} is averaged over the batch.",
        "Each sample has a slope of its own.",
        "Look at the shape of your slope.",
    ),
    "before-the-activation": (
        "activation",
        "d{parent} is made from the gradient on the far side of the activation {node}: the slope "
        "was not multiplied in yet.",
        "The parameters sit before the activation, so what reaches them has passed it.",
        "Look at which gradient this line uses.",
    ),
    "activation-both-ways": (
        "activation",
        "d{parent} gets what comes back from both sides of the activation {node}.",
        "Only what has passed the activation reaches the parameters before it; what goes around it "
        "does not come by here.",
        "Look at which gradient this line uses.",
    ),
    # Constants of losses.
    "factor-two-too-many": (
        "constant",
        "{all_or_outputs} is twice too large.",
        "A loss with a factor 1/2 cancels the 2 of its square; another loss does not have both.",
        "Compare the constants of your backward pass, from its first line on, with those of the "
        "loss.",
    ),
    "factor-two-at-a-step": (
        "constant",
        "{upstream_place} there is a factor 2 too many.",
        "Each step has the factor of its own forward line, and no other.",
        "Look at the constants in this line, and in the lines next to it on the same way.",
    ),
    "factor-half-at-a-step": (
        "constant",
        "{upstream_place} there is a factor 1/2 too many.",
        "Each step has the factor of its own forward line, and no other.",
        "Look at the constants in this line, and in the lines next to it on the same way.",
    ),
    "factor-two-missing": (
        "constant",
        "{all_or_outputs} is half of what it should be.",
        "A square brings a 2 to the front; not every loss has a factor 1/2 to cancel it.",
        "Compare the constants of your backward pass, from its first line on, with those of the "
        "loss.",
    ),
    "mean-missing": (
        "constant",
        "{all_or_outputs} is as many times too large as there are samples: the division of the "
        "mean is missing.",
        "You may think that the mean only concerns the loss that is printed, but it is a link of "
        "the chain like any other.",
        "Look at each division and each sum in your backward pass, from its first line on.",
    ),
    "counted-for-each-sample": (
        "bias",
        "{all_or_outputs} is as many times too large as there are samples.",
        "Each sample has one contribution, and counts once.",
        "Look for a sum that is made once for every sample, or for a factor m.",
    ),
    "mean-twice": (
        "constant",
        "{all_or_outputs} is divided by the number of samples once too often.",
        "A mean in the loss divides once on the way to each gradient; apart from that the "
        "samples' contributions are added.",
        "Look for a division too many, or a mean in place of a sum.",
    ),
    "averaged-for-summed": (
        "bias",
        "{all_or_outputs} is divided by the number of samples once too often; the others are not.",
        "If the loss is a mean, it divides once on the way to each gradient; apart from that "
        "contributions are added.",
        "Count the divisions and the means in the lines that give {all_or_outputs}.",
    ),
    "mean-by-a-fixed-number": (
        "constant",
        "{all_or_outputs} is divided by {c}, however many samples there are.",
        "The next batch has another number of samples.",
        "Look at what you divide by.",
    ),
    "mean-over-all-entries": (
        "constant",
        "{all_or_outputs} is divided by the number of outputs too.",
        "The loss is a mean over the samples only; over the outputs it is a sum.",
        "Look at what you divide by.",
    ),
    "sum-over-all-entries": (
        "constant",
        "{all_or_outputs} is as many times too large as there are outputs.",
        "The loss is a mean over more than you divide by.",
        "Look at what you divide by.",
    ),
    "mean-missing-over-all": (
        "constant",
        "{all_or_outputs} is as many times too large as there are entries.",
        "The mean of the loss is a link of the chain like any other.",
        "Look at each division and each sum in your backward pass, from its first line on.",
    ),
    "mean-missing-inside": (
        "constant",
        "on the way back through {node} the division of the mean is missing.",
        "A mean is a sum with a constant factor, and that factor comes back too.",
        "Look at the lines on the way back through this mean.",
    ),
    "mean-by-width-inside": (
        "constant",
        "on the way back through {node} the division is by another size of the array.",
        "A mean divides by as many as it adds up.",
        "Look at which size of the shape you divide by.",
    ),
    "mean-twice-inside": (
        "constant",
        "on the way back through {node} the division of the mean is there twice.",
        "A mean divides once.",
        "Look at the lines on the way back through this mean.",
    ),
    "clipping-left-on": (
        "constant",
        "the gradients are shortened to a fixed length, as by gradient clipping.",
        "Clipping belongs into the training step; a clipped gradient is not the derivative.",
        "Look for a norm in your function.",
    ),
    "gradients-not-reset": (
        "constant",
        "{all_or_outputs} is a whole multiple of what it should be, as when results of earlier "
        "calls are still in it.",
        "Each call must start from nothing.",
        "Look at where your sums begin.",
    ),
    # Layers.
    "bias-not-summed": (
        "bias",
        "{reduced} still has a row for each sample.",
        "You may think that the gradient looks like what comes back, but one row of parameters "
        "served all samples.",
        "Compare the shape of this gradient with the shape of its variable.",
    ),
    "bias-wrong-axis": (
        "bias",
        "{reduced} is summed along the wrong axis.",
        "Rows are samples. What is summed away is the axis along which the parameter was copied.",
        "Look at the axis of your sum.",
    ),
    "bias-summed-over-everything": (
        "bias",
        "{reduced} is summed over everything, columns too.",
        "Each column has a parameter of its own.",
        "Look at the axis of your sum.",
    ),
    "bias-averaged": (
        "bias",
        "{reduced} is divided by the number of samples once too often, as by a mean.",
        "If the loss is a mean, its division is in what comes back already; each use of the "
        "parameter then adds its contribution.",
        "Look at how the samples are put together, and at each division.",
    ),
    "bias-one-sample": (
        "bias",
        "{reduced} holds the contribution of one sample only.",
        "All samples used the same parameter.",
        "Look for an index, or for a loop that overwrites.",
    ),
    "bias-largest": (
        "bias",
        "{reduced} holds the largest contribution, not all of them.",
        "All samples used the same parameter.",
        "Look at how the samples are put together.",
    ),
    "bias-of-another-layer": (
        "bias",
        "the gradient of a bias is that of another layer.",
        "Each bias is reached by the gradient of its own pre-activation.",
        "Look at which gradient this line uses.",
    ),
    "bias-from-the-weights": (
        "bias",
        "{reduced} is the gradient of the weights, added up: the inputs are in it.",
        "A bias is added, so no input multiplies what comes back to it.",
        "Look at what you sum here.",
    ),
    "copies-not-summed": (
        "bias",
        "{reduced} still has an entry for each copy.",
        "Forward, one entry went to several places; back, it has one gradient.",
        "Compare the shape of this gradient with the shape of the operand.",
    ),
    "copies-wrong-axis": (
        "bias",
        "{reduced} is summed along the wrong axis.",
        "What is summed away is the axis along which the operand was copied.",
        "Write the two shapes below each other, and look at the axis of your sum.",
    ),
    "copies-summed-over-everything": (
        "bias",
        "{reduced} is summed over everything, also along axes that were not copied.",
        "Along those axes each entry of the operand went to a place of its own.",
        "Look at the axes of your sum.",
    ),
    "copies-averaged": (
        "bias",
        "in {reduced} the copies{along} are averaged.",
        "Each copy is a path of its own, and each path counts with its whole contribution.",
        "Look for a mean, or for a division by the number of copies.",
    ),
    "copies-one-only": (
        "bias",
        "of the copies{along}, {reduced} counts one only.",
        "All copies come from the same entry, and each one moved the result.",
        "Look for an index, or for a loop that overwrites.",
    ),
    "copies-one-repeated": (
        "bias",
        "in {reduced} one of the copies{along} stands for all: its contribution is multiplied by "
        "their number.",
        "The copies were equal on the way forward; what comes back to them is not.",
        "Look at which entries of the upstream you use.",
    ),
    "copies-largest": (
        "bias",
        "{reduced} holds the largest contribution, not all of them.",
        "Each copy is a path of its own.",
        "Look at how the copies are put together.",
    ),
    "copies-cut-by-a-reshape": (
        "bias",
        "{reduced} is a sum of pieces into which a reshape has cut the array.",
        "A reshape cuts in reading order, and copies along a stretched axis stand side by side "
        "there.",
        "Write the two shapes below each other, and ask of each axis what it is.",
    ),
    "weights-transposed": (
        "weights",
        "{weights} is transposed.",
        "The two orders of the product hold the same numbers, but row i must belong to row i of "
        "the weights.",
        "Compare its shape with that of the weights.",
    ),
    "reshape-for-transpose": (
        "weights",
        "a matrix on the way is reshaped where it has to be transposed.",
        "Both give the shape that fits, but a reshape keeps the numbers in reading order and so "
        "mixes rows.",
        "Look for a reshape.",
    ),
    "way-back-not-transposed": (
        "back",
        "on the way back to {enters} the weights of this layer are not transposed.",
        "Forward, rows of W belong to inputs; on the way back the outputs are what comes in.",
        "Write the shapes under this product; with a square W they do not warn you.",
    ),
    "way-back-without-weights": (
        "back",
        "on the way back to {enters} the weights of this layer are left out, or one number stands "
        "for all of them.",
        "An input moves the outputs by as much as the weights let it.",
        "Look at the step to this layer's input.",
    ),
    "way-back-other-weights": (
        "back",
        "on the way back to {enters}, {wrong} stands where the weights of this layer belong.",
        "A gradient comes back through the weights it went forward through.",
        "Look at which matrix stands in this product.",
    ),
    "way-back-inverse": (
        "back",
        "on the way back to {enters} an inverse of the weights is used.",
        "You may think that going back undoes the layer. A gradient asks how far the outputs move "
        "when an input does, and the weights themselves say so.",
        "Look at the step to this layer's input.",
    ),
    "way-back-averaged": (
        "back",
        "on the way back to {enters} the contributions of the outputs are averaged.",
        "An input reaches every output on a path of its own, and each path counts with its whole "
        "contribution.",
        "Look at how the outputs are put together in this step.",
    ),
    "way-back-gradient-for-weights": (
        "back",
        "on the way back to {enters} the gradient of the weights {other} stands in the place of "
        "the weights.",
        "You may have the last line in hand, but an input moves the outputs by as much as the "
        "weights let it.",
        "Look at which matrix stands in this product.",
    ),
    "way-back-absolute-weights": (
        "back",
        "on the way back the signs of the weights are lost.",
        "A negative weight turns a change round, in both directions.",
        "Look at the step to this layer's input.",
    ),
    "weights-with-another-input": (
        "weights",
        "{weights} is made with {wrong}, which is not what entered this layer.",
        "A weight is multiplied by what enters its own layer, so that is its local derivative.",
        "Look at the other factor in this product.",
    ),
    "weights-one-sample": (
        "weights",
        "{weights} holds the contribution of one sample only.",
        "All samples used the same weights, and their contributions are added.",
        "Look for an index, or for a loop that overwrites.",
    ),
    "weights-sample-dropped": (
        "weights",
        "one sample is missing in {weights}.",
        "All samples used the same weights.",
        "Look at the first and the last index.",
    ),
    "weights-rows-permuted": (
        "weights",
        "in {weights} the rows of the two factors do not belong to the same samples.",
        "Each sample pairs its own input with its own gradient.",
        "Look for a shift or a reversal.",
    ),
    "weights-outer-of-means": (
        "weights",
        "{weights} is an outer product of two vectors: the samples were put together before they "
        "were multiplied.",
        "A sum of products is not the product of sums.",
        "Look at the order: first pair each sample's input and gradient, then add.",
    ),
    "weights-averaged": (
        "weights",
        "{weights} is divided by the number of samples once too often, as by a mean.",
        "If the loss is a mean, it divides once on the way to each gradient; apart from that "
        "contributions are added.",
        "Count the divisions in the lines that give {weights}.",
    ),
    "weights-updated-too-early": (
        "back",
        "the weights were changed before the gradient had come back through them.",
        "All gradients belong to one point: to the parameters of the forward pass.",
        "Look for an update between your backward lines.",
    ),
    "weights-absolute-input": (
        "weights",
        "in {weights} the signs of the inputs are lost.",
        "A negative input turns a change round.",
        "Look at the factor that is the input.",
    ),
    "factor-missing": (
        "upstream",
        "the factor {other_lost} is missing on the way to {enters}.",
        "How much a factor's move changes a product depends on the other factor.",
        "Look at what this contribution is multiplied with.",
    ),
    "another-factor": (
        "weights",
        "on the way to {enters}, {wrong} stands where another factor belongs.",
        "The local derivative of a product toward one factor is the other factor, not itself and "
        "not a third one.",
        "Look at what this gradient is multiplied with.",
    ),
    "slope-for-input": (
        "weights",
        "on the way to {parent}, the slope of {node} stands where its value belongs.",
        "The slope of an activation is a factor for what goes back through it; this way does not "
        "go through it.",
        "Look at what this gradient is multiplied with.",
    ),
    "factor-of-the-neighbour": (
        "upstream",
        "on the way to {parent} the factor {wrong} is multiplied in, which belongs to the product "
        "beside it.",
        "In a sum each term has a way back of its own; what stretches one leaves the other alone.",
        "Look at which gradient this line starts from, and at its factors.",
    ),
    "upstream-ignored": (
        "upstream",
        "{upstream_place} what comes from beyond is ignored: it starts from 1.",
        "You may think that this step stands alone, but its result is used further on, and the "
        "gradient says how much that matters.",
        "Look for the upstream gradient in your line.",
    ),
    "divisor-not-squared": (
        "quotient",
        "toward the divisor in {node}, a square is missing below.",
        "The divisor comes in once as it stands and once because it moves.",
        "Look at this contribution.",
    ),
    # Losses.
    "loss-as-with-cross-entropy": (
        "constant",
        "what you start from is the plain difference, without the slopes of the square and of the "
        "sigmoid.",
        "You may have met it with another loss, the cross-entropy, where those slopes cancel; here "
        "they do not.",
        "Compare the links of this loss with what you start from.",
    ),
    "loss-extra-derivative": (
        "loss",
        "the slope of the squashing function is multiplied in once more after the cross-entropy.",
        "You may think that softmax or sigmoid needs a link of its own here, but the slope toward "
        "the logits holds it already.",
        "Look at the first lines of your backward pass: which slope is each one?",
    ),
    "loss-targets-forgotten": (
        "loss",
        "the targets do not come into the gradient of the loss.",
        "A prediction is good or bad only beside its target.",
        "Look at how the gradient toward the logits comes about.",
    ),
    "loss-targets-added": (
        "loss",
        "the targets are added to the probabilities.",
        "A prediction that meets its target has no slope to follow.",
        "Look at the sign before the targets.",
    ),
    "loss-one-term-divided": (
        "loss",
        "of probabilities and targets only one is divided by the number of samples.",
        "Python divides before it subtracts.",
        "Look at the brackets around this difference.",
    ),
    "loss-predicted-class-as-target": (
        "loss",
        "the likeliest class of each row is taken for its target.",
        "A loss that asks the prediction what is right always agrees with it.",
        "Look at how you find the column of each row.",
    ),
    "loss-targets-of-the-whole-batch": (
        "loss",
        "in every row the targets of all samples count, not only the row's own.",
        "An index for the columns alone picks whole columns.",
        "Look at how many entries of each row get a target.",
    ),
    "loss-probability-of-the-other-answer": (
        "loss",
        "the probability of the other answer stands in the gradient of the loss.",
        "For sure and right predictions the gradient is small, and here it is large.",
        "Put a large logit with the answer 1 into your line.",
    ),
    "loss-answer-1-only": (
        "loss",
        "only the term of the answer 1 is differentiated: a sample with the answer 0 gets no "
        "gradient.",
        "The loss has a term for each answer, and both move with the logit.",
        "Count the terms of the loss that hold the logit.",
    ),
    "loss-answer-0-only": (
        "loss",
        "only the term of the answer 0 is differentiated: a sample with the answer 1 gets no "
        "gradient.",
        "The loss has a term for each answer, and both move with the logit.",
        "Count the terms of the loss that hold the logit.",
    ),
    "loss-slope-toward-probability": (
        "loss",
        "what comes to the logit is the slope of the loss toward the probability; one more link "
        "lies between.",
        "The logit reaches the loss through the squashing function, so its slope comes in too.",
        "Look at which variable you differentiate toward.",
    ),
    "loss-correct-class-only": (
        "loss",
        "only the true class gets a gradient.",
        "You may think that only its probability stands in the loss, but every logit of the row "
        "moves that probability.",
        "Look at the columns of the other classes.",
    ),
    "loss-wrong-classes-only": (
        "loss",
        "the true class gets no gradient.",
        "Its logit moves the probability most of all.",
        "Look at the column of the true class.",
    ),
    "penalty-omitted": (
        "penalty",
        "the gradient of the penalty is missing{penalty_place}.",
        "A penalty is part of the loss, so it pulls at the weights too.",
        "Look at how lam comes into your lines.",
    ),
    "penalty-doubled": (
        "penalty",
        "the gradient of the penalty is there twice over{penalty_place}.",
        "The factor 1/2 of the penalty and the 2 of the square belong together.",
        "Look at the number beside lam, and at how often lam is added.",
    ),
    "penalty-halved": (
        "penalty",
        "the gradient of the penalty is half as large as it should be{penalty_place}.",
        "The factor 1/2 of the penalty and the 2 of the square belong together.",
        "Look at the number beside lam.",
    ),
    "penalty-on-bias": (
        "penalty",
        "the penalty is also put on a bias.",
        "The loss holds squares of weights only.",
        "Look at which lines hold lam.",
    ),
    "lam-on-the-biases": (
        "penalty",
        "lam is added to {all_or_outputs} as it is.",
        "The loss holds squares of weights only, so no bias is in the penalty.",
        "Look at which lines hold lam.",
    ),
    "penalty-divided-by-batch": (
        "penalty",
        "the gradient of the penalty is divided by the number of samples.",
        "The mean is taken of the data term; the penalty stands beside it.",
        "Look at where lam is added.",
    ),
    "penalty-times-batch": (
        "penalty",
        "the gradient of the penalty is multiplied by the number of samples.",
        "The penalty is there once, not once for each sample.",
        "Look at where lam is added.",
    ),
    "penalty-sign": (
        "penalty",
        "the gradient of the penalty is subtracted.",
        "The penalty is added to the loss.",
        "Look at the sign before lam.",
    ),
    "penalty-without-lam": (
        "penalty",
        "the gradient of the penalty is there without its factor lam.",
        "A constant factor of a term stays in its gradient.",
        "Look at where the penalty is added.",
    ),
    "dropout-scale-missing": (
        "constant",
        "the scale of dropout is missing on the way back.",
        "What was divided on the way forward is divided on the way back.",
        "Look at the line for the mask.",
    ),
    "dropout-mask-missing": (
        "upstream",
        "the mask of dropout is missing on the way back.",
        "A unit that was dropped passes nothing back.",
        "Look at the line for the mask.",
    ),
    # Forks and skips.
    "depth-first": (
        "graph",
        "gradients are passed on each time a value is reached, not once when all of it is there.",
        "What is passed on a second time holds the first part again.",
        "Look at when a value hands on its gradient.",
    ),
    "skip-through-activation": (
        "fork",
        "what comes back along the skip goes through the activation that the skip goes around.",
        "The skip is a plain copy on the way forward, so it is one on the way back.",
        "Look at which gradient the skip is handed, and when.",
    ),
    "results-exchanged": (
        "result",
        "d{parent} and d{other} are exchanged.",
        "Each holds the numbers that belong to the other.",
        "Look at the order in which you return them, and at the line for each.",
    ),
    "values-exchanged": (
        "result",
        "this is not the derivative in this place, but value number {c} is: the order is another.",
        "Each value is compared with its own function.",
        "Look at the order in which you return them.",
    ),
    # Softmax.
    "softmax-diagonal-only": (
        "softmax",
        "only the diagonal of softmax's Jacobian is there.",
        "You may think that a logit moves its own probability only, as with the sigmoid, but all "
        "probabilities share one denominator.",
        "Add up a row of your result.",
    ),
    "softmax-average-not-subtracted": (
        "softmax",
        "nothing is subtracted: the shared denominator is forgotten.",
        "When one logit rises, the other probabilities fall.",
        "Add up a row of your result.",
    ),
    "softmax-average-over-the-whole-batch": (
        "softmax",
        "what is subtracted is taken over the whole batch.",
        "Each row is a softmax of its own.",
        "Look at the axis of your sum.",
    ),
    "softmax-average-over-the-wrong-axis": (
        "softmax",
        "what is subtracted is summed along the wrong axis.",
        "The classes of one sample stand in one row.",
        "Look at the axis of your sum.",
    ),
    "softmax-over-the-whole-batch": (
        "softmax",
        "the probabilities add up to 1 over the whole batch, not in each row.",
        "Each row is a softmax of its own.",
        "Look at the axis of the sum that you divide by.",
    ),
    "softmax-over-the-wrong-axis": (
        "softmax",
        "the probabilities add up to 1 in each column, not in each row.",
        "The classes of one sample stand in one row.",
        "Look at the axes of your sums.",
    ),
    "softmax-logits-for-probabilities": (
        "softmax",
        "the logits stand where the probabilities belong.",
        "The slopes of softmax are made of its values.",
        "Look at whether softmax is computed, and at what stands in your line.",
    ),
    "softmax-as-after-cross-entropy": (
        "softmax",
        "this is the gradient of softmax with cross-entropy, with the upstream taken for targets.",
        "That short formula belongs to one loss; here the upstream is any gradient.",
        "Look at what the exercise hands you.",
    ),
    "softmax-p-missing-in-the-average": (
        "softmax",
        "what is subtracted is a plain sum of the upstream, without the probabilities.",
        "Each class counts by its probability there.",
        "Look at the sum that you subtract.",
    ),
    "softmax-plain-average": (
        "softmax",
        "what is subtracted is a plain average of the upstream.",
        "Each class counts by its probability there.",
        "Look at the average that you subtract.",
    ),
    # Batch normalisation.
    "statistics-as-constants": (
        "statistics",
        "mean and deviation are treated as constants.",
        "You may think of them as fixed numbers, but they are made of the same batch and move "
        "with every entry of it.",
        "Count the uses of X in the forward pass.",
    ),
    "statistic-as-constant": (
        "statistics",
        "{node} is treated as a constant.",
        "It is made of the same batch and moves with every entry of it.",
        "Count the uses of X in the forward pass.",
    ),
    "variance-by-m-minus-1": (
        "statistics",
        "{node} divides by one less than the number of values that it adds up.",
        "That is the estimate of statistics courses; here it is a plain mean.",
        "Look at what this sum is divided by.",
    ),
    # Another forward pass.
    "forward-bias-left-out": (
        "forward",
        "in your forward pass the bias {parent} is left out.",
        "It moves every value after it, and so the place where each slope is taken.",
        "Look at the line that computes the pre-activation.",
    ),
    "forward-another-activation": (
        "forward",
        "in your forward pass {wrong} stands where another activation belongs.",
        "Its values and its slopes are others.",
        "Compare with the forward pass in the text.",
    ),
    "forward-constant-lost": (
        "forward",
        "in your forward pass the constant in {node} is lost.",
        "It is small or easily overlooked, but all later values depend on it.",
        "Compare with the forward pass in the text.",
    ),
    "forward-constant-outside": (
        "forward",
        "in your forward pass the constant {c} is added after the {op}, not before.",
        "Inside and outside of a function the same number has different effects.",
        "Compare with the forward pass in the text, bracket by bracket.",
    ),
    "forward-term-lost": (
        "forward",
        "in your forward pass {parent} is left out of {node}.",
        "It moves every value after it, and so the place where each slope is taken.",
        "Compare with the forward pass in the text.",
    ),
    "forward-sign-of-term": (
        "forward",
        "in your forward pass {parent} comes into {node} with the wrong sign.",
        "All later values depend on it.",
        "Compare with the forward pass in the text.",
    ),
    "activation-another-piece": (
        "activation",
        "the slope of {part_or_node} is not that of its activation.",
        "It resembles the right one, but it is another function.",
        "Put one pre-activation into your slope, and measure the slope of the activation there.",
    ),
    "outer-part-missing": (
        "chain",
        "your result stops at {u}: the links after it contribute nothing.",
        "The result of the chain is asked for, not that of a part of it.",
        "Count your factors: one for each link.",
    ),
    "chain-reversed": (
        "chain",
        "the links of {part} are taken in the reverse order.",
        "The first link is the innermost one.",
        "Look at which function you apply to x first.",
    ),
    "result-entries-in-reverse-order": (
        "result",
        "the entries stand in the reverse order.",
        "Each entry belongs to the variable in its place.",
        "Look at the order in which they come about.",
    ),
    "result-entries-shifted": (
        "result",
        "each entry of d{parent} holds what belongs to its neighbour.",
        "Each entry belongs to the variable in its place.",
        "Look at the indices in this line.",
    ),
    "result-once-for-each-entry": (
        "result",
        "d{parent} is as many times too large as {wrong} has entries along its first axis.",
        "Each contribution counts once, not once for each entry of {wrong}.",
        "Look for a sum, or for a factor of this size.",
    ),
    "result-the-variable-itself": (
        "result",
        "d{parent} is {parent} itself.",
        "A slope is not a value.",
        "Look at what you return there.",
    ),
    "result-in-absolute-size": (
        "result",
        "every entry of {all_or_outputs} has the right size, and none is negative.",
        "A derivative is negative where the function falls.",
        "Look for a minus that is lost, an absolute value, or a square root of squares.",
    ),
    "result-averaged-over-its-entries": (
        "result",
        "every entry of {all_or_outputs} is the mean of all of them.",
        "Each entry of a variable has a slope of its own.",
        "Look for a mean in this line.",
    ),
    "result-last-row-only": (
        "result",
        "only the last row of {all_or_outputs} is there; the others are 0.",
        "Each row has slopes of its own.",
        "Look at how each row gets its values, such as in a loop that makes the array anew.",
    ),
    "result-first-row-only": (
        "result",
        "only the first row of {all_or_outputs} is there; the others are 0.",
        "Each row has slopes of its own.",
        "Look at how each row gets its values, such as in a loop that ends too early.",
    ),
    "quotient-factor-missing": (
        "quotient",
        "in the first term of your numerator the denominator is missing as a factor.",
        "Each term pairs a slope with the other function.",
        "Look at the first term.",
    ),
    "quotient-slope-missing": (
        "quotient",
        "in the second term of your numerator the function {u} is missing as a factor.",
        "Each term pairs a slope with the other function.",
        "Look at the second term.",
    ),
    "quotient-wrong-square": (
        "quotient",
        "what is squared below is the slope of the denominator.",
        "Below stands the denominator itself.",
        "Look at what stands below.",
    ),
    "quotient-square-of-numerator": (
        "quotient",
        "what is squared below is the numerator.",
        "Below stands the denominator.",
        "Look at what stands below.",
    ),
    "quotient-slopes-multiplied": (
        "quotient",
        "the two slopes are multiplied.",
        "A quotient needs both functions and both slopes.",
        "Look at how many terms stand above.",
    ),
    "quotient-slopes-over-square": (
        "quotient",
        "above stands the product of the two slopes.",
        "Each term pairs a slope with the other function.",
        "Look at how many terms stand above.",
    ),
    "quotient-denominator-cubed": (
        "quotient",
        "what stands below is a third power.",
        "One factor comes from the quotient, and one more because it moves.",
        "Look at what stands below.",
    ),
    "quotient-sum-of-terms": (
        "quotient",
        "the quotient is taken apart into two quotients, each with one slope.",
        "Numerator and denominator move together.",
        "Look at the whole rule.",
    ),
    "softmax-average-added": (
        "softmax",
        "the second term of softmax's slope is added, not subtracted.",
        "When one logit rises, the other probabilities fall.",
        "Look at the sign between the two terms.",
    ),
    "softmax-p-missing-in-front": (
        "softmax",
        "the factor of the class's own probability is missing in front.",
        "An improbable class moves little.",
        "Look at what the difference is multiplied by.",
    ),
    "softmax-p-missing-on-the-average": (
        "softmax",
        "the average is subtracted without the class's own probability.",
        "Both terms have this factor.",
        "Look at the brackets, or at your second term.",
    ),
    "softmax-p-missing-on-the-first-term": (
        "softmax",
        "the first term is there without the class's own probability.",
        "Both terms have this factor.",
        "Look at the brackets, or at the diagonal of your first term.",
    ),
    "softmax-derivative-missing": (
        "softmax",
        "the upstream comes back as it was: softmax contributes nothing.",
        "Softmax scales and mixes every change.",
        "Look for the probabilities in your line.",
    ),
    "softmax-off-the-diagonal-only": (
        "softmax",
        "each class lacks its own part.",
        "A logit moves its own probability most of all.",
        "Look at the term of the class itself.",
    ),
    "softmax-p-squared": (
        "softmax",
        "what is subtracted uses the class's own probability twice.",
        "The average weighs every class by its own probability.",
        "Look at the second term.",
    ),
    "softmax-first-term-missing": (
        "softmax",
        "only the term of the shared denominator is there.",
        "A logit also raises its own exponential.",
        "Look at the diagonal of the Jacobian.",
    ),
    "softmax-own-part-twice": (
        "softmax",
        "the class's own part is subtracted twice.",
        "Either the diagonal holds it, or the sum over all classes; both together are one too "
        "many.",
        "Look at the diagonal of the Jacobian.",
    ),
    "softmax-average-divided-again": (
        "softmax",
        "the weighted average is divided by the number of classes too.",
        "Probabilities add up to 1, so a sum that is weighed with them is an average already.",
        "Look for a mean in what you subtract.",
    ),
    "softmax-p-alone-on-the-diagonal": (
        "softmax",
        "on the diagonal of softmax's Jacobian the probability stands alone.",
        "A logit raises the shared denominator too, and its own probability has that below.",
        "Add up a row of your result.",
    ),
    "softmax-p-spread-over-the-table": (
        "softmax",
        "in the first term every entry of the Jacobian gets a probability.",
        "Numpy copies a vector along a whole table without being asked.",
        "Print both terms, and add up a row of your result.",
    ),
    "softmax-slope-of-the-logarithm": (
        "softmax",
        "this is the slope of the logarithm of softmax: a factor that stands before each row of "
        "the Jacobian is missing.",
        "An improbable class moves little, and its logarithm may still move a lot.",
        "Add up a column of the Jacobian that you have.",
    ),
    "softmax-inner-product-for-table": (
        "softmax",
        "from every entry of the Jacobian the same number is subtracted: the sum of the squares of "
        "the probabilities.",
        "Transposing does nothing to an array with one axis, and @ makes one number of two such "
        "arrays.",
        "Print the shape of what you subtract.",
    ),
    "softmax-rows-added-up": (
        "softmax",
        "the result is 0 but for rounding: its terms cancel.",
        "Each row of softmax's Jacobian adds up to 0, so a sum along a row leaves nothing, "
        "whatever the upstream is.",
        "Look at the index over which you sum.",
    ),
    "softmax-taken-twice": (
        "softmax",
        "the probabilities are put through softmax once more.",
        "They are between 0 and 1 and so close together that a second softmax makes them nearly "
        "equal.",
        "Count the exponentials on the way to your P.",
    ),
    "softmax-not-normalised": (
        "softmax",
        "the exponentials are not divided by their sum.",
        "Probabilities add up to 1.",
        "Print the sum of a row of your P.",
    ),
    "penalty-square-not-differentiated": (
        "penalty",
        "the square of the penalty is not differentiated.",
        "The slope of a square is not the square.",
        "Look at what lam is multiplied by.",
    ),
    "penalty-square-for-the-weight": (
        "penalty",
        "lam is multiplied by the squares of the weights.",
        "The slope of a square is not the square.",
        "Look at what lam is multiplied by.",
    ),
    "penalty-sign-of-the-weight": (
        "penalty",
        "lam is multiplied by the signs of the weights: that belongs to a "
        "penalty of absolute values.",
        "Here the squares are summed.",
        "Look at what lam is multiplied by.",
    ),
    "penalty-lam-alone": (
        "penalty",
        "lam is added as it is.",
        "A large weight is pulled harder than a small one.",
        "Look at what lam is multiplied by.",
    ),
    "penalty-lam-squared": (
        "penalty",
        "lam is there twice.",
        "It is a factor of the penalty once.",
        "Look for lam in your lines.",
    ),
    "activation-square-of-the-value-only": (
        "activation",
        "the slope of {part_or_node} is only the square of its value.",
        "A saturated unit has a slope near 0, not a large one.",
        "Put a large pre-activation into your slope.",
    ),
    "activation-1---a,-squared": (
        "activation",
        "the slope of {part_or_node} is squared where a product of two different factors belongs.",
        "The slope is the same on both sides of 0.",
        "Put z and -z into your slope.",
    ),
    "activation-formula-with-one-z": (
        "activation",
        "in the slope of {part_or_node} one of the two letters is the pre-activation.",
        "The formula takes the activation's value in both places.",
        "Look at the letters in your formula.",
    ),
    "activation-formula-with-another-z": (
        "activation",
        "in the slope of {part_or_node} one of the two letters is the pre-activation.",
        "The formula takes the activation's value in both places.",
        "Look at the letters in your formula.",
    ),
    "activation-mask-of-the-whole-unit": (
        "activation",
        "the mask of {part_or_node} is one for each unit, not for each sample.",
        "Whether a unit is on differs from sample to sample.",
        "Look at the shape of your mask.",
    ),
    "activation-sign-in-place-of-mask": (
        "activation",
        "the mask of {part_or_node} is a sign: -1 where it should cut off.",
        "A unit that is off passes nothing back.",
        "Look at the values in your mask.",
    ),
    "activation-input-in-place-of-mask": (
        "activation",
        "the pre-activation itself stands where the mask of {part_or_node} belongs.",
        "The slope of a straight line is the same all along.",
        "Look at what the upstream is multiplied by.",
    ),
    # Results.
    "result-transposed": (
        "result",
        "{all_or_outputs} is transposed.",
        "The numbers are right, but its rows stand as columns.",
        "Compare its shape with the shape of its variable.",
    ),
    "loss-logits-for-probabilities": (
        "loss",
        "the logits stand in the gradient of the loss where the probabilities belong.",
        "Targets are probabilities; logits are on another scale.",
        "Look at how the gradient of the logits comes about.",
    ),
    "loss-hard-decisions": (
        "loss",
        "the predicted class stands in the gradient of the loss, as 0 and 1, where the "
        "probabilities belong.",
        "How sure the prediction is matters, not only which class it is.",
        "Look at how the gradient of the logits comes about.",
    ),
    "result-times-its-variable": (
        "result",
        "{all_or_outputs} is multiplied by {parent} itself.",
        "A slope times its variable says what a change by a share of itself does; the slope alone "
        "is asked for.",
        "Look at the factors in the lines that give {all_or_outputs}.",
    ),
    "result-summed-to-a-number": (
        "result",
        "{all_or_outputs} is summed to one number.",
        "Each entry of a variable has a slope of its own.",
        "Look at where many numbers become one on the way to {all_or_outputs}.",
    ),
    "result-last-entry-only": (
        "result",
        "only the last entry of {all_or_outputs} is there; the others are 0.",
        "Each entry of a variable has a slope of its own.",
        "Look at how the other entries come about, and at what may replace them later.",
    ),
    "result-first-entry-only": (
        "result",
        "only the first entry of {all_or_outputs} is there; the others are 0.",
        "Each entry of a variable has a slope of its own.",
        "Look at how the other entries come about, and whether they are reached.",
    ),
    "result-all-entries-summed": (
        "result",
        "every entry of {all_or_outputs} is the sum of all of them.",
        "Each entry of a variable has a slope of its own.",
        "Look at how a single entry comes about.",
    ),
    # Backward passes over graphs.
    "graph-overwritten": (
        "graph",
        "a later contribution replaces an earlier one: each value holds the last one only.",
        "A value that is used twice is reached on two paths, and both count.",
        "Look at how a parent's grad is changed.",
    ),
    "graph-overwritten-first": (
        "graph",
        "only the first contribution is kept.",
        "A value that is used twice is reached on two paths, and both count.",
        "Look at how a parent's grad is changed.",
    ),
    "graph-seed-ignored": (
        "graph",
        "the seed is ignored: the output always starts from 1.",
        "The seed is the gradient that reaches the output from beyond.",
        "Look at what the output's grad is set to.",
    ),
    "graph-upstream-ignored": (
        "graph",
        "what a value has received is ignored: its parents get the local derivative alone.",
        "You may think that the local derivative is the whole story, but it only tells how far the "
        "next value moves; what that means for the output is in its grad.",
        "Look at what is added to a parent.",
    ),
    "graph-local-ignored": (
        "graph",
        "the local derivative is ignored: parents get their child's grad as it is.",
        "Each operation stretches changes by its local derivative.",
        "Look at what is added to a parent.",
    ),
    "graph-not-reset": (
        "graph",
        "gradients of an earlier call are still there when a new call begins.",
        "What was in grad before does not belong to this call.",
        "Look at what each grad holds before anything is passed on.",
    ),
    "graph-only-leaves-reset": (
        "graph",
        "values in the middle keep what an earlier call has left in them.",
        "They collect contributions as leaves do.",
        "Look at which values are reset.",
    ),
    "graph-depth-first": (
        "graph",
        "a value passes its grad on each time it is reached, not once when all of it is there.",
        "What is passed on the second time holds the first part again.",
        "Look at when a value hands on its grad, and at the order in which values are visited.",
    ),
    "graph-depth-first-later": (
        "graph",
        "a value passes its grad on each time it is reached, not once when all of it is there.",
        "What is passed on the second time holds the first part again.",
        "Look at when a value hands on its grad, and at the order in which values are visited.",
    ),
    "graph-breadth-first": (
        "graph",
        "a value passes its grad on once for each arrow that leads to it.",
        "What is passed on the second time holds the first part again.",
        "Look at how often each value is visited.",
    ),
    "graph-breadth-first-once": (
        "graph",
        "a value passes its grad on before all that use it have given theirs.",
        "Breadth first is no topological order where paths have different lengths.",
        "Look at the order in which values are visited.",
    ),
    "graph-passed-on-early": (
        "graph",
        "a value passes its grad on once, but before all that use it have given theirs.",
        "You may think that it is enough to visit each value once, but a value that is met early "
        "may still be waiting for a longer path.",
        "Look at the order in which values are visited.",
    ),
    "graph-uses-averaged": (
        "graph",
        "contributions of several uses are averaged.",
        "Each use moves the output by its whole contribution.",
        "Look at how a new contribution joins the ones before.",
    ),
    "graph-one-slope-for-all": (
        "graph",
        "all parents of a value get the same local derivative.",
        "A value has a local derivative for each place in which a parent stands.",
        "Look at which local derivative goes to which parent.",
    ),
    "graph-one-parent-only": (
        "graph",
        "of the parents of a value only one gets a contribution.",
        "Every operand moves the result, so each place counts.",
        "Look at how you go through the parents.",
    ),
    "graph-signs-lost": (
        "graph",
        "the signs of the local derivatives are lost.",
        "A value that rises while another falls passes its gradient on with a minus.",
        "Look at what each grad is multiplied by.",
    ),
    "graph-divided-by-local": (
        "graph",
        "grads are divided by the local derivative.",
        "A steeper step makes a change larger, so its slope multiplies.",
        "Look at the operator between the two.",
    ),
    "graph-slopes-reversed": (
        "graph",
        "the parents of a value get their local derivatives in the reverse order.",
        "Parents and local derivatives stand in the same order.",
        "Look at which local derivative goes to which parent.",
    ),
    "graph-seed-at-each-step": (
        "graph",
        "the seed is multiplied in at each step, not at the output alone.",
        "What starts at the output comes down with every grad that is passed on.",
        "Look at each place where the seed comes in, and try a seed other than 1.",
    ),
    "graph-cleared-inside": (
        "graph",
        "values in the middle have 0 in their grad at the end; only the leaves and the output keep "
        "theirs.",
        "The grad of every value that leads to the output is asked for.",
        "Look at what is written to the grad of a value in the middle, and when.",
    ),
    "graph-all-zero": (
        "graph",
        "every grad is 0 after the call, the output's too.",
        "All other grads come from what stands at the output.",
        "Look at what is written to the output's grad, and when.",
    ),
    "graph-forward-order": (
        "graph",
        "the parents of the output get their part, and nothing goes further back.",
        "A value can pass on only what it has received before it is visited.",
        "Look at which values pass their grad on, and in which order.",
    ),
    "graph-data-for-local": (
        "graph",
        "the parent's value stands where the local derivative belongs.",
        "For a product that is the wrong operand, and for a sum it is nothing at all.",
        "Look at what each grad is multiplied by.",
    ),
    "graph-result-for-local": (
        "graph",
        "the value of the result stands where the local derivative belongs.",
        "That holds for exp alone.",
        "Look at what each grad is multiplied by.",
    ),
    "graph-sum-for-product": (
        "graph",
        "local derivative and grad are added; along a path they are multiplied.",
        "Addition belongs to different paths.",
        "Look at the operator between the two.",
    ),
    "graph-paths-multiplied": (
        "graph",
        "contributions of different paths are multiplied.",
        "Along a path multiply, over all paths add.",
        "Look at how a new contribution joins the ones before.",
    ),
    "graph-seed-everywhere": (
        "graph",
        "every value gets the seed, not the output alone.",
        "Only the output is reached from beyond.",
        "Look at whose grad the seed goes to.",
    ),
    "graph-ones-everywhere": (
        "graph",
        "every value but the output gets a 1 beside what is passed on to it.",
        "Only the output is reached from beyond; the others start from nothing.",
        "Look at where a 1 comes into a grad.",
    ),
    "graph-output-left-out": (
        "graph",
        "only the output has a grad: nothing of it reaches its parents.",
        "The way back starts at the output, and each value hands its part to its parents.",
        "Look at which values are visited, and at whose grad is changed then.",
    ),
    "graph-each-parent-once": (
        "graph",
        "a value that is both operands of one operation gets one contribution only.",
        "In a + a the same value stands in two places, and each place counts.",
        "Look at how you go through the parents.",
    ),
    "graph-each-parent-once-last": (
        "graph",
        "a value that is both operands of one operation gets one contribution only.",
        "In a + a the same value stands in two places, and each place counts.",
        "Look at how you go through the parents.",
    ),
    "graph-nothing-set": (
        "graph",
        "no grad was changed.",
        "A result that is returned, or put into a name of its own, does not reach the values.",
        "Look at what your lines assign to.",
    ),
    "graph-only-the-output": (
        "graph",
        "only the output has a grad; nothing was passed on.",
        "Each value hands its part to its parents.",
        "Look at whether the lines that change a parent's grad are reached.",
    ),
    "graph-difference": (
        "graph",
        "contributions are subtracted.",
        "Contributions of all paths are added.",
        "Look at the sign with which a contribution comes in.",
    ),
    # Numerical derivatives.
    "difference-forward": (
        "difference",
        "your values are those of a forward difference: of the two sides of x only one counts.",
        "It looks as good, but its error shrinks with h, and that of a central difference with its "
        "square.",
        "Look at the points whose values of f go into your quotient.",
    ),
    "difference-backward": (
        "difference",
        "your values are those of a backward difference: of the two sides of x only one counts.",
        "Its error shrinks with h, and that of a central difference with its square.",
        "Look at the points whose values of f go into your quotient.",
    ),
    "difference-not-halved": (
        "difference",
        "every number is twice what it should be.",
        "From one side to the other the distance is not one step.",
        "Look at what you divide by, and at every other factor.",
    ),
    "difference-step-halved": (
        "difference",
        "every number is half of what it should be.",
        "Count the steps from one point to the other.",
        "Look at what you divide by, and at every other factor.",
    ),
    "difference-precedence": (
        "difference",
        "the change is divided by 2 and then multiplied by h.",
        "Python works from left to right through * and /.",
        "Look at how 2 and h come in after the change of f.",
    ),
    "difference-not-divided": (
        "difference",
        "the change of f comes back undivided.",
        "A slope is a change for each unit of the way.",
        "Look at what becomes of the change of f.",
    ),
    "difference-h-squared": (
        "difference",
        "the difference is divided by something with the square of h in it.",
        "A slope is a difference over the distance of its two points; the square of h belongs to "
        "a second difference.",
        "Look at what you divide by, and write down how far apart your two points are.",
    ),
    "difference-all-at-once": (
        "difference",
        "all entries are moved at once: each of your numbers is the sum of all slopes.",
        "Adding a number to an array moves every entry.",
        "Look at what is added to x.",
    ),
    "difference-accumulating": (
        "difference",
        "the entries moved before are not put back: each step starts where the last one ended.",
        "Every entry is to be tried alone, with all others where they were.",
        "Look at which array your steps change, and when it is made.",
    ),
    "difference-not-put-back": (
        "difference",
        "an entry is not put back after its step.",
        "Every entry is to be tried alone, with all others where they were.",
        "Look at what happens to the entry after the second call of f.",
    ),
    "difference-own-step": (
        "difference",
        "the step is not the one that is handed to you.",
        "The caller knows what size suits f.",
        "Look for h in your lines, and at what is made of it.",
    ),
    "difference-transposed": (
        "difference",
        "the Jacobian is transposed.",
        "A row belongs to an output; the slopes toward one input stand in a column.",
        "Look at where the change of f is put.",
    ),
    "difference-sign": (
        "difference",
        "every number has the wrong sign.",
        "The point ahead comes first.",
        "Look at the order of the two values, and at every other sign.",
    ),
    "difference-direction-ignored": (
        "difference",
        "the direction is ignored: every entry is moved alike.",
        "The step goes along v, entry by entry.",
        "Look at what is added to x.",
    ),
    "difference-direction-normalised": (
        "difference",
        "the direction is scaled to length 1.",
        "J v grows with v; only the direction is kept in this way.",
        "Look at what you do with v before the step.",
    ),
    "difference-step-missing": (
        "difference",
        "the points lie as far from x as if the step were 1, but you divide as if it were h.",
        "The step in the points and the step in the division are the same.",
        "Look at what is added to x.",
    ),
    "difference-gradient-times-v": (
        "difference",
        "this is the gradient times v, entry by entry.",
        "H v tells how the gradient changes along v, so the gradient is needed in two places.",
        "Look at how often grad is called, and where.",
    ),
    "difference-along-u": (
        "difference",
        "this is J u, a slope along u; u J weighs the outputs.",
        "u belongs to the outputs of f, v to its inputs.",
        "Look at what u is multiplied with.",
    ),
    "difference-upstream-on-wrong-side": (
        "difference",
        "u stands on the other side of J.",
        "With as many outputs as inputs both fit; u weighs the rows.",
        "Look at the order of the product.",
    ),
    "difference-rows-not-summed": (
        "difference",
        "the rows of J are weighed, but not added up.",
        "u J has one number for each input.",
        "Look at the shape of your result.",
    ),
    "difference-upstream-ignored": (
        "difference",
        "u is ignored: all outputs count alike.",
        "u says how much each output matters.",
        "Look for u in your lines.",
    ),
    "difference-mean-over-outputs": (
        "difference",
        "the weighed rows are averaged, not added.",
        "u holds the weights already.",
        "Look for a division or a mean.",
    ),
    "difference-second-difference": (
        "difference",
        "this is a second difference.",
        "It measures curvature; here the slope of what is handed to you is asked for.",
        "Look at how many values you put together.",
    ),
    "difference-nothing-moved": (
        "difference",
        "every number is 0 wherever it was tried.",
        "Two names can stand for one and the same array.",
        "Look at the points at which f is called, and at what happens to its values.",
    ),
    "difference-flat": (
        "difference",
        "every number is 0 wherever it was tried, though f was called on both sides of x.",
        "A slope of 0 says that f does not change, and here it does.",
        "Look at what happens to the two values of f.",
    ),
    "difference-last-entry-only": (
        "difference",
        "only the last entry has a slope; the others are 0.",
        "Each entry has a slope of its own.",
        "Look at how the other entries come about, and at what may replace them later.",
    ),
    "difference-first-entry-only": (
        "difference",
        "only the first entry has a slope; the others are 0.",
        "Each entry has a slope of its own.",
        "Look at how the other entries come about, and whether they are reached.",
    ),
    "difference-whole-numbers": (
        "difference",
        "with whole numbers in x the steps are cut off; with fractions your formula is right.",
        "An array keeps its dtype, whatever is written into it.",
        "Look at which array the moved entry is written into.",
    ),
    "difference-real-part": (
        "difference",
        "this is the real part, the value of f itself.",
        "The slope has gone where the step went.",
        "Look at which part of f's result you take.",
    ),
    "difference-complex-not-divided": (
        "difference",
        "the imaginary part comes back undivided.",
        "It is the slope times the step.",
        "Look at what becomes of the imaginary part.",
    ),
    "difference-complex-all-at-once": (
        "difference",
        "each of your numbers is the sum of all slopes.",
        "Adding a number to an array moves every entry.",
        "Look at what is added to x, and at any sum after that.",
    ),
    "difference-complex-not-taken-away": (
        "difference",
        "each of your numbers holds the slopes of the entries before it too.",
        "Every entry is to be tried alone.",
        "Look at what is left over from one entry when the next one is tried.",
    ),
    "difference-step-not-divided": (
        "difference",
        "the change is divided by a number in which the step does not occur.",
        "A slope is a change for each unit of the way, and the way depends on the step.",
        "Look at what you divide by.",
    ),
    "difference-one-side-by-two-steps": (
        "difference",
        "the change from x to one side of it is divided by two steps.",
        "Two steps lie between the two sides; from x to one side it is one.",
        "Look at the points whose values of f go into your quotient.",
    ),
    "difference-around-another-point": (
        "difference",
        "the two points lie as far apart as they should, but x is not in their middle.",
        "The errors of both sides cancel around the middle, and nowhere else.",
        "Look at the points at which f is called.",
    ),
    "difference-points-too-far": (
        "difference",
        "the points are two steps away from x on each side, and you divide as if it were one.",
        "The step in the points and the step in the division are the same.",
        "Look at what is added to x.",
    ),
    "difference-points-too-near": (
        "difference",
        "the points are half a step away from x on each side, and you divide as if it were one.",
        "The step in the points and the step in the division are the same.",
        "Look at what is added to x.",
    ),
    "difference-steps-of-another-size": (
        "difference",
        "this is a central difference, but its points are not one step h away from x.",
        "The step is the way from x to each side, and not from one side to the other.",
        "Look at what is added to x.",
    ),
    "difference-step-by-size": (
        "difference",
        "the step that is handed to you does not stay as it is: it grows with the size of the "
        "entry.",
        "Who hands over a step has chosen its size already.",
        "Look at what you make of h where it is given.",
    ),
    "difference-step-by-size-not-divided": (
        "difference",
        "the steps in the points grow with the entries of x, and the step that you divide by does "
        "not.",
        "The step in the points and the step in the division are the same.",
        "Look at what is added to x.",
    ),
    "difference-row-at-once": (
        "difference",
        "in an array with two axes a whole row or column is moved at once; with one axis your "
        "formula is right.",
        "One index picks a single number from a vector only.",
        "Look at what your loop runs over.",
    ),
    "difference-reshaped": (
        "difference",
        "the slopes are right, but they stand in the wrong places: the table was filled in one "
        "order and cut into rows in another.",
        "A reshape keeps the order of the numbers; it does not turn a table round.",
        "Look at how your slopes become an array.",
    ),
    "difference-absolute": (
        "difference",
        "the signs of the slopes are lost.",
        "Where f falls, the slope is negative.",
        "Look at where a sign can be lost.",
    ),
    "difference-values-added": (
        "difference",
        "the values of f on both sides are added.",
        "A slope is made of a change, not of a total.",
        "Look at the sign between the two values.",
    ),
    "difference-direction-absolute": (
        "difference",
        "the signs of v are lost: x is moved along the sizes of its entries.",
        "Some entries of x are to go down while others go up.",
        "Look at what you do with v before the step.",
    ),
    "difference-direction-reversed": (
        "difference",
        "the entries of v are taken in reverse order.",
        "Each entry of v says how fast the entry of x at the same place moves.",
        "Look at what you do with v before the step.",
    ),
    "difference-divided-by-length": (
        "difference",
        "the result is divided by the length of v, or by its square.",
        "A longer v is a faster way, and the product grows with it.",
        "Look at what you divide by.",
    ),
    "difference-times-length": (
        "difference",
        "the result is multiplied by the length of v, or by its square.",
        "The points already move further if v is longer.",
        "Look at each place where v comes in.",
    ),
    "difference-times-v-again": (
        "difference",
        "the product is right, and then it is multiplied by v once more, entry by entry.",
        "v has done its part as the direction of the step.",
        "Look at each place where v comes in.",
    ),
    "difference-all-alike-times-v": (
        "difference",
        "every entry of x is moved alike, and the change is then multiplied by v entry by entry.",
        "Then each row is added up without weights, and one weight comes too late.",
        "Look at what is added to x.",
    ),
    "difference-diagonal-only": (
        "difference",
        "only the diagonal of the matrix is multiplied with v.",
        "Each entry of the gradient also changes when another entry of x moves.",
        "Look at what is added to x, and at which entries of the change you keep.",
    ),
    "difference-x-and-v-exchanged": (
        "difference",
        "x and v have changed places: the point is taken for the direction.",
        "x says where, v says which way.",
        "Look at which of the two the step is added to.",
    ),
    "difference-first-output-only": (
        "difference",
        "only the first output counts; all others are left out.",
        "Each output adds its row, with its weight.",
        "Look at which outputs come into your sum.",
    ),
    "difference-last-output-only": (
        "difference",
        "only the last output counts; all others are left out.",
        "Each output adds its row, with its weight.",
        "Look at how the part of each output joins the ones before.",
    ),
    "difference-upstream-absolute": (
        "difference",
        "the signs of u are lost.",
        "An output with a negative weight counts against the others.",
        "Look at what you do with u.",
    ),
    "difference-upstream-normalised": (
        "difference",
        "u is scaled to length 1.",
        "u J grows with u.",
        "Look at what you do with u.",
    ),
    "difference-upstream-reversed": (
        "difference",
        "the entries of u are taken in reverse order.",
        "Each entry of u belongs to the output at the same place.",
        "Look at what you do with u.",
    ),
    "difference-whole-results": (
        "difference",
        "with whole numbers in x your numbers are wrong, though f is called at fractions; with "
        "fractions in x they are right.",
        "An array keeps its dtype, whatever is written into it.",
        "Look at each array that you write into, and at what it can hold.",
    ),
    "difference-no-step-at-zero": (
        "difference",
        "where no step is given, an entry that is 0 is not moved at all.",
        "A share of nothing is nothing.",
        "Look at how the step of an entry is made.",
    ),
    "difference-one-step-for-all": (
        "difference",
        "where no step is given, every entry gets the same one, whatever its size.",
        "Beside a large entry a small step drowns in rounding.",
        "Look at how the step is made where none is given.",
    ),
    "difference-step-of-the-largest": (
        "difference",
        "where no step is given, one large entry sets the step for all.",
        "A step that suits a million is far too long beside 1.",
        "Look at how the step is made where none is given.",
    ),
    "difference-real-step": (
        "difference",
        "f is called without an imaginary part.",
        "All that this method reads off comes from a step into the complex plane.",
        "Look at what is added to x, and at whether your array can hold it.",
    ),
    "difference-complex-step-downward": (
        "difference",
        "every number has the wrong sign: the imaginary step goes down, and you divide as if it "
        "went up.",
        "A way back counts negative.",
        "Look at the sign of what is added to x.",
    ),
    "difference-complex-sign": (
        "difference",
        "every number has the wrong sign.",
        "The step goes up, so the imaginary part has the sign of the slope already.",
        "Look for a minus sign or a conjugate after the call of f.",
    ),
    "difference-complex-halved": (
        "difference",
        "the imaginary part is divided by twice the step.",
        "Two steps lie between the points of a central difference; here there is one point.",
        "Look at what you divide by.",
    ),
    "difference-complex-doubled": (
        "difference",
        "every number is twice what it should be, though f is called on one side only.",
        "One point and one step need no factor.",
        "Look at what you divide by.",
    ),
    "difference-complex-angle": (
        "difference",
        "this is the angle of f's value, not its imaginary part.",
        "The angle says how large the imaginary part is beside the real one.",
        "Look at which part of f's result you take.",
    ),
    "difference-complex-size": (
        "difference",
        "this is the size of f's complex value, which is nearly f itself.",
        "A tiny imaginary part does not change the size of a number.",
        "Look at which part of f's result you take.",
    ),
    "difference-complex-flat": (
        "difference",
        "every number is 0 wherever it was tried: the imaginary part is lost on its way.",
        "It is tiny beside the real part, but it is not rounded away.",
        "Look at what happens to the value of f before you take a part of it.",
    ),
    "difference-complex-step-too-large": (
        "difference",
        "the formula is right, but its step is too large for as many digits as are asked for.",
        "Nothing is subtracted here, so there is no rounding that forbids a tiny step.",
        "Look at the size of h.",
    ),
    # Checkers.
    "best-h-constant": (
        "best step",
        "all three numbers come in as they should, but the constant in front is another one.",
        "The slope of each error has its own constant, and solving for h brings both together.",
        "Look at the numbers that come down when each error is differentiated.",
    ),
    "best-h-root": (
        "best step",
        "the three numbers stand in the right places, but the root that is taken of them is "
        "another one.",
        "The power of h in the equation says which root undoes it.",
        "Look at the power of h where the two slopes balance.",
    ),
    "best-h-precedence": (
        "best step",
        "no root comes in: what comes out is a third of what the root should be taken of.",
        "Python takes powers before it divides.",
        "Look at how your line takes the root, and at the brackets there.",
    ),
    "best-h-eps-left-out": (
        "best step",
        "eps that is handed to you does not come in: the step stays as it is when eps changes.",
        "The same function has another best step in float32.",
        "Look for eps in your line.",
    ),
    "best-h-f-left-out": (
        "best step",
        "the size of f does not come in: the step stays as it is when f grows.",
        "A larger value has a larger rounding error.",
        "Look at what the rounding error is made of.",
    ),
    "best-h-f3-left-out": (
        "best step",
        "the third derivative does not come in: the step stays as it is when f3 grows.",
        "The more a function bends, the sooner a long step hurts.",
        "Look at what the truncation error is made of.",
    ),
    "best-h-upside-down": (
        "best step",
        "f and f3 have changed places in the fraction.",
        "Larger rounding errors call for a longer step, stronger bending for a shorter one.",
        "Look at which of the two stands below the line.",
    ),
    "best-h-the-error": (
        "best step",
        "what you return behaves like the error at the best step, not like the step.",
        "The height of a minimum and its place are two numbers.",
        "Look at what you return.",
    ),
    "best-h-fixed": (
        "best step",
        "the step was one and the same for nine different triples of eps, f and f3.",
        "No step is best for every function.",
        "Look at what your line is made of.",
    ),
    "best-h-of-a-grid": (
        "best step",
        "each of your steps is a power of ten times any other: they lie on a grid.",
        "Between two points of a grid lies nearly always a better one.",
        "Look at which steps your code can return.",
    ),
    "best-h-signs": (
        "best step",
        "the step is right where f and f3 are positive; where one is negative it is not.",
        "An error counts by its size, and a step is positive.",
        "Look at what a negative f or f3 does in your line.",
    ),
    "relative-largest-entries": (
        "relative error",
        "sizes are those of the largest entry, in place of lengths over all entries.",
        "The length of an array grows with each entry that is not 0.",
        "Look at how you measure an array.",
    ),
    "relative-sums-of-sizes": (
        "relative error",
        "sizes are sums of absolute values, in place of lengths.",
        "A length is measured as in Pythagoras' theorem.",
        "Look at how you measure an array.",
    ),
    "relative-squares": (
        "relative error",
        "sizes are squared lengths; the roots are missing.",
        "The square of a small number is far smaller, so errors look too good.",
        "Look at how you measure an array.",
    ),
    "relative-spectral-norm": (
        "relative error",
        "for a matrix this is another norm than the length over all entries; for vectors both are"
        " one.",
        "A gradient is a list of numbers, whatever shape it has.",
        "Look at what your norm does with two axes.",
    ),
    "relative-sum-above": (
        "relative error",
        "above the line stands the size of the sum of both arrays.",
        "Two equal gradients must get the error 0.",
        "Look at the sign above the line.",
    ),
    "relative-sizes-above": (
        "relative error",
        "above the line the sizes of both arrays are subtracted, not the arrays.",
        "Two arrows of one length can point anywhere.",
        "Look at what is measured first, and what is subtracted first.",
    ),
    "relative-signs-lost": (
        "relative error",
        "above the line the signs of the entries are lost before the subtraction.",
        "A gradient with the wrong sign is as wrong as can be.",
        "Look at what is measured first, and what is subtracted first.",
    ),
    "relative-nothing-below": (
        "relative error",
        "this is an absolute error: it is not compared with the size of anything.",
        "What is a large difference for small gradients is a small one for large gradients.",
        "Look at what you divide by.",
    ),
    "relative-one-below": (
        "relative error",
        "below the line only one of the two arrays counts.",
        "With one array the error can be as large as you like, and exchanging the arrays changes "
        "it.",
        "Look at what you divide by.",
    ),
    "relative-larger-below": (
        "relative error",
        "below the line stands the size of one array, chosen by a comparison, in place of both.",
        "With one of them the error can be above 1.",
        "Look at what you divide by.",
    ),
    "relative-mean-below": (
        "relative error",
        "every error is twice what it should be.",
        "The error of the wrong sign should be 1.",
        "Look at the factors above and below the line.",
    ),
    "relative-product-below": (
        "relative error",
        "below the line the two sizes are multiplied.",
        "Sizes of one kind add up; a product has another scale, and it is 0 as soon as one of "
        "them is.",
        "Look at the sign between the two sizes.",
    ),
    "relative-norm-of-sum-below": (
        "relative error",
        "below the line the arrays are added before their size is taken.",
        "Arrays of opposite sign cancel there, and the error grows without bound.",
        "Look at what is measured first, and what is added first.",
    ),
    "relative-root-of-squares-below": (
        "relative error",
        "below the line the two sizes are put together like the sides of a right angle.",
        "With that the error of the wrong sign is above 1.",
        "Look at how the two sizes are put together.",
    ),
    "relative-not-at-all-scales": (
        "relative error",
        "the error is right for arrays of ordinary size, but it changes when both are multiplied "
        "by one small or large factor.",
        "A fixed number beside the sizes rules as soon as these are small.",
        "Look at every number in your line that does not come from the arrays.",
    ),
    "relative-zero-if-one-is": (
        "relative error",
        "where one array is zero and the other is not, you return 0.",
        "Only two zero arrays agree; a zero beside anything else is wholly wrong.",
        "Look at how this 0 comes about.",
    ),
    "direction-nothing-moved": (
        "difference",
        "f is called at one and the same point each time.",
        "Two names can stand for one and the same array.",
        "Look at the points at which f is called, and at whether your copies are copies.",
    ),
    "direction-not-halved": (
        "difference",
        "the measured slope is twice what it should be beside the claimed one.",
        "From one side to the other the distance is not one step.",
        "Look at what you divide by, and at the step in both numbers.",
    ),
    "direction-step-halved": (
        "difference",
        "the measured slope is half of what it should be beside the claimed one.",
        "Count the steps from one point to the other.",
        "Look at what you divide by, and at the step in both numbers.",
    ),
    "direction-not-divided": (
        "difference",
        "the change of f is compared with a slope, without being divided by the whole step.",
        "A slope is a change for each unit of the way.",
        "Look at what you divide by.",
    ),
    "direction-unit-on-one-side": (
        "difference",
        "the claimed and the measured slope belong to vectors of different lengths: one of them "
        "is scaled to length 1.",
        "A slope along a vector grows with its length.",
        "Look at which vector goes into the product, and which one into the step.",
    ),
    "direction-signed": (
        "relative error",
        "the difference keeps its sign, so your result can be negative.",
        "A negative number is below any tolerance.",
        "Look at what stands above the line.",
    ),
    "direction-relative-to-one": (
        "relative error",
        "below the line only one of the two slopes counts.",
        "Both may be wrong, and either may be near 0.",
        "Look at what you divide by.",
    ),
    "direction-absolute": (
        "relative error",
        "this is the difference itself: it is not compared with the sizes of the slopes.",
        "What is a large difference for small slopes is a small one for large slopes.",
        "Look at what you divide by.",
    ),
    "direction-mean-below": (
        "relative error",
        "every result is twice what it should be.",
        "The result for the wrong sign should be 1.",
        "Look at the factors above and below the line.",
    ),
    "direction-signs-lost": (
        "relative error",
        "the signs of both slopes are lost before they are subtracted.",
        "A gradient with the wrong sign passes then.",
        "Which comes first in your code: the difference, or the absolute value?",
    ),
    "direction-signs-turned": (
        "relative error",
        "one of the two slopes comes in with the wrong sign.",
        "The point ahead comes first.",
        "Look at the order of the two values of f, and at the sign above the line.",
    ),
    "direction-sum-below": (
        "relative error",
        "below the line the slopes are added with their signs.",
        "Slopes of opposite sign cancel there.",
        "Look at what you divide by.",
    ),
    "direction-squares": (
        "relative error",
        "squares stand above and below the line.",
        "The square of a small number is far smaller, so errors look too good.",
        "Look at how you measure the slopes.",
    ),
    "direction-norms-multiplied": (
        "difference",
        "the claimed slope is a length, in place of a product of g and v.",
        "Where g and v point different ways, their entries cancel in part.",
        "Look at how g and v are put together.",
    ),
    "direction-one-sided": (
        "difference",
        "the points at which f is called do not have x in their middle.",
        "The errors of both sides cancel around the middle, and nowhere else.",
        "Look at the points at which f is called.",
    ),
    "guard-everywhere": (
        "checker",
        "every entry is called a kink, smooth and straight ones too.",
        "Some gap is always there, by curvature or by rounding.",
        "Look at what you compare a gap with.",
    ),
    "guard-finds-nothing": (
        "checker",
        "no kink is found, wherever it lies and however strong it is.",
        "At a kink the gap stays about as large when the step is doubled.",
        "Look at both gaps for a kink, and at what your condition asks of them.",
    ),
    "guard-swapped": (
        "checker",
        "kinks and curvature have changed places: curved functions are called kinks, and kinks "
        "are not.",
        "It is curvature that makes a gap grow with the step.",
        "Look at what your condition asks of the gaps.",
    ),
    "guard-one-side": (
        "checker",
        "a kink on one side of x is found, and the same on the other side is not.",
        "A kink shows when the slopes to the left and to the right are compared.",
        "Look at the points at which f is called.",
    ),
    "guard-one-for-all": (
        "checker",
        "as soon as one entry has a kink, the smooth ones beside it are called kinks too.",
        "Each entry is moved alone.",
        "Look at what is added to x, and at how the answer of an entry is made.",
    ),
    "guard-asks-for-zero": (
        "checker",
        "kinks are found only where x is 0.",
        "f may bend anywhere; only its values tell where.",
        "Look at what your condition asks, and whether f comes in.",
    ),
    "guard-signed-gap": (
        "checker",
        "kinks that open upward and kinks that open downward get different answers.",
        "A gap may have either sign.",
        "Look at what your condition does with a negative gap.",
    ),
    "guard-size-of-the-gap": (
        "checker",
        "strong curvature is called a kink, and a kink of tiny slopes is not: the size of the gap"
        " decides.",
        "The size tells nothing; how it changes with the step does.",
        "Look at what you compare a gap with.",
    ),
    "guard-curvature": (
        "checker",
        "smooth curves are called kinks.",
        "Curvature makes a gap too, but one that shrinks with the step.",
        "Look at whether your condition compares the gaps of two steps.",
    ),
    "guard-no-noise-floor": (
        "checker",
        "a straight function with large values is called a kink: there each gap is rounding.",
        "The ratio of two rounding errors can be anything, and rounding in a slope grows as the "
        "step shrinks.",
        "Look at which gaps you leave out before you compare.",
    ),
    "guard-too-near": (
        "checker",
        "kinks at x are found, and those nearly a whole h away are not.",
        "A kink near the end of the interval has little weight there.",
        "Look at the size of your two steps beside h.",
    ),
    "guard-floor-too-high": (
        "checker",
        "kinks of tiny slopes are not found; the same kinks of ordinary size are.",
        "A fixed threshold is a statement about the scale of f.",
        "Look at the smallest gap that you take seriously.",
    ),
    "guard-weak-kinks": (
        "checker",
        "kinks at which the slope jumps by a small share of itself are not found; strong ones are.",
        "A jump counts beside the noise, not beside the slope.",
        "Look at what you compare a gap with.",
    ),
    "guard-too-far": (
        "checker",
        "kinks far beyond h are found too, or smooth places are.",
        "What lies outside of the points that you use cannot disturb a difference.",
        "Look at the size of your two steps beside h.",
    ),
    "checker-rejects-everything": (
        "checker",
        "every right gradient that was tried is called wrong, of whatever kind it is.",
        "Away from kinks a right gradient and a measured one differ by truncation and rounding "
        "only.",
        "Look at what you compare, for a gradient that you know to be right.",
    ),
    "checker-accepts-everything": (
        "checker",
        "all that was tried passes: the wrong sign, twice the gradient, zeros, a single wrong "
        "entry, one with nan.",
        "A checker that always says right has not looked.",
        "Look at which of your lines can say wrong, and whether they are reached.",
    ),
    "checker-never-measures": (
        "checker",
        "wrong gradients of the right shape pass, and your code never calls the loss.",
        "Names and shapes say whether a gradient fits, not whether its numbers are right.",
        "Look for the line that would notice another sign.",
    ),
    "checker-tolerance-signed": (
        "checker",
        "right gradients are called wrong where they are negative; positive ones pass.",
        "A tolerance is a size, and a size has no sign.",
        "Print both sides of your comparison for an entry with a negative slope.",
    ),
    "checker-rejects-plain": (
        "checker",
        "an ordinary right gradient of a smooth loss is called wrong.",
        "A difference quotient is never exact; truncation and rounding are no mistakes of the "
        "gradient.",
        "Print the numbers that you compare where wrong is said, and your tolerance.",
    ),
    "checker-rejects-kink": (
        "checker",
        "a right gradient is called wrong where an entry lies on a kink or close to one.",
        "On a kink the slopes to both sides differ, and a difference across it is neither of them.",
        "Look at what you do with an entry whose slopes to both sides differ.",
    ),
    "checker-narrow-at-kinks": (
        "checker",
        "at a kink a number between the slopes of both sides passes, and the slope of one side, "
        "which is right, does not.",
        "A one-sided difference errs more than a central one, by about half of h times the "
        "curvature.",
        "Look at how wide your allowance is beside the error of the slope of one side.",
    ),
    "checker-rejects-dead": (
        "checker",
        "a gradient of zeros is called wrong where zero is right.",
        "Two zeros agree, though nothing can be divided by their size.",
        "Look at what becomes of your comparison where both are 0.",
    ),
    "checker-rejects-big": (
        "checker",
        "a right gradient is called wrong where the loss is large; beside a small loss it passes.",
        "The rounding error of a value grows with the value.",
        "Look at what your tolerance for rounding is made of.",
    ),
    "checker-rejects-noisy": (
        "checker",
        "a gradient of zeros, which is right, is called wrong where the loss is large and the "
        "measured slopes are nothing but rounding.",
        "The rounding error of a slope grows with the loss, and with the number of terms in it.",
        "Look at how far your tolerance reaches where the gradient is 0.",
    ),
    "checker-rejects-faint": (
        "checker",
        "a gradient of zeros, which is right, is called wrong where the measured slopes are "
        "nothing but rounding.",
        "Beside a zero any rounding error is infinitely large, so relative size says nothing.",
        "Look at what your tolerance is where the gradient is 0.",
    ),
    "checker-errors-cancel": (
        "checker",
        "two wrong entries whose errors are opposite pass; one of them alone is found.",
        "Errors cancel in a sum over entries, and that is no rare accident.",
        "Look at what you add up before you compare.",
    ),
    "checker-rejects-tiny": (
        "checker",
        "a right gradient of scale 1e-6 is called wrong; at scale 1 it passes.",
        "The same loss in other units must get the same verdict.",
        "Look at the numbers in your tolerance.",
    ),
    "checker-sizes-only": (
        "checker",
        "a gradient passes with the wrong sign, or with two entries exchanged: only its size is "
        "compared.",
        "Two arrows of one length can point anywhere.",
        "Look at what is measured first, and what is subtracted first.",
    ),
    "checker-signs-lost": (
        "checker",
        "a gradient with the wrong sign passes; one that is twice as large does not.",
        "The wrong sign is as wrong as can be: descent would climb.",
        "Look at where a sign can be lost before you compare.",
    ),
    "checker-direction-only": (
        "checker",
        "a gradient passes that is twice as large as the true one; one with the wrong sign does "
        "not.",
        "The same direction is not the same gradient; a lost factor is a common mistake.",
        "Look at whether the lengths come into your comparison, and at the size of your tolerance.",
    ),
    "checker-excuses-zeros": (
        "checker",
        "a wrong array passes that has one claimed 0 in it; a gradient that is wrong in all arrays "
        "is found.",
        "A zero is a claim like any other.",
        "Look at what you do where an entry is 0, and at whether every array is compared.",
    ),
    "checker-accepts-zero": (
        "checker",
        "a gradient of zeros passes where the true one is not zero.",
        "A claim of 0 is a claim like any other.",
        "For a claim of zeros, print both sides of your comparison, and how many entries reach it.",
    ),
    "checker-tolerance-absolute": (
        "checker",
        "at scale 1e-6 a wrong gradient passes; the same mistake at scale 1 is found.",
        "A fixed tolerance is a statement about the scale of the loss.",
        "Look at the part of your tolerance that does not depend on the gradient.",
    ),
    "checker-biases-skipped": (
        "checker",
        "a mistake in biases alone passes; the same in weights is found.",
        "Biases are summed over the batch, and that is where mistakes are made.",
        "Look at which arrays are compared, and at whether each counts by itself.",
    ),
    "checker-first-entries-only": (
        "checker",
        "a wrong entry passes at the end of an array; at its beginning it is found.",
        "Any entry may be wrong.",
        "Look at which entries are compared.",
    ),
    "checker-single-entry": (
        "checker",
        "a single wrong entry passes; an array that is wrong as a whole is found.",
        "Means, lengths and wide tolerances let one entry drown, and entries that nobody moves "
        "are not seen.",
        "Look at whether each entry is tried, and what its error is compared with.",
    ),
    "checker-missing": (
        "checker",
        "where the gradient of a parameter is missing, nothing is found wrong.",
        "What is not there cannot be compared, so it has to be asked for.",
        "Look at whose names you go through.",
    ),
    "checker-shape": (
        "checker",
        "a gradient of another shape passes if it has as many numbers.",
        "Such an array is broadcast in the update, and something else is changed.",
        "Look at what you compare before the numbers.",
    ),
    "checker-nan": (
        "checker",
        "a gradient with nan passes.",
        "Each comparison with nan is False, so it is never above a tolerance.",
        "Look at what becomes of a nan in your comparison.",
    ),
    "checker-inf": (
        "checker",
        "a gradient with inf passes.",
        "An infinite gradient makes a relative tolerance infinite too.",
        "Look at what you ask of a gradient before you compare.",
    ),
    "checker-wide": (
        "checker",
        "an entry that is off by half a percent of the largest one passes; by a tenth it is found.",
        "Differences of right gradients are far smaller than that.",
        "Look at the size of your tolerance.",
    ),
    "checker-beside": (
        "checker",
        "one entry on a kink excuses a wrong one beside it.",
        "Only the entry on the kink has no slope.",
        "Look at what you leave out where you find a kink.",
    ),
    "checker-whole-array": (
        "checker",
        "a small wrong entry beside a large right one passes.",
        "The length of an array is ruled by its largest entries.",
        "Look at what the error of an entry is compared with.",
    ),
    # Values.
    "value-sign": (
        "value",
        "the value has the wrong sign.",
        "A logarithm of a probability is negative; a loss is not.",
        "Look at the signs of your formula.",
    ),
    "value-sum-for-mean": (
        "value",
        "the value is the sum over the samples, not their mean.",
        "A mean does not grow with the batch.",
        "Look at how the samples are put together.",
    ),
    "value-mean-twice": (
        "value",
        "the value is divided by the number of samples once too often.",
        "A mean divides once.",
        "Look at how the samples are put together.",
    ),
    "value-mean-over-all-entries": (
        "value",
        "the value is divided by the number of outputs too.",
        "The mean is over the samples; over the outputs it is a sum.",
        "Look at what you divide by.",
    ),
    "value-factor-two": (
        "value",
        "the value is twice too large.",
        "A constant has been lost or gained.",
        "Look at the constants of your formula.",
    ),
    "value-factor-half": (
        "value",
        "the value is half of what it should be.",
        "A constant has been lost or gained.",
        "Look at the constants of your formula.",
    ),
    "value-term-lost": (
        "value",
        "the term {term} of the formula is missing.",
        "It may be small for some inputs, but not for all.",
        "Count the terms.",
    ),
    "value-constant-lost": (
        "value",
        "a constant is missing in {term}.",
        "It does not matter for large numbers, and does for small ones.",
        "Compare with the formula in the text.",
    ),
    "value-sign-of-term": (
        "value",
        "the term {term} has the wrong sign.",
        "Its contribution is turned round.",
        "Look at the signs of your terms.",
    ),
    "value-factor-lost": (
        "value",
        "the factor {term} is missing in {node}.",
        "Where it is 1 that makes no difference, elsewhere it does.",
        "Compare with the formula in the text, factor by factor.",
    ),
    "value-function-lost": (
        "value",
        "the function is left out that gives {node}: what enters it stands there.",
        "A value and a function of it are two things.",
        "Compare with the formula in the text, from the inside to the outside.",
    ),
    "value-mean-for-sum": (
        "value",
        "a mean stands where a sum belongs, at {node}.",
        "Of several terms the mean is smaller.",
        "Look at how the terms are put together.",
    ),
    "value-logarithm-of-another-base": (
        "value",
        "a logarithm is taken to another base.",
        "The size of a loss, and of its slope, belongs to one base; here it is that of exp.",
        "Look at which logarithm you call.",
    ),
    "value-answer-1-only": (
        "value",
        "only the term of the answer 1 comes into the loss.",
        "A confident prediction is wrong where the answer is 0, and that must cost something.",
        "Count the terms of the formula.",
    ),
    "value-answer-0-only": (
        "value",
        "only the term of the answer 0 comes into the loss.",
        "A confident no is wrong where the answer is 1, and that must cost something.",
        "Count the terms of the formula.",
    ),
    "value-answers-exchanged": (
        "value",
        "the answers 1 and 0 have changed places in the loss.",
        "A loss is small where the prediction meets its answer.",
        "Look at which probability belongs to which answer.",
    ),
    "value-squared-error": (
        "value",
        "this is the squared error of the probabilities.",
        "It is another loss: however wrong a prediction is, it does not exceed 1 for each class.",
        "Compare with the formula in the text.",
    ),
    "value-wrong-classes-only": (
        "value",
        "the loss counts the classes that are not the target, and leaves the target out.",
        "The target names the class whose probability should be large.",
        "Look at what the logarithms are multiplied by.",
    ),
    "value-softmax-over-the-wrong-axis": (
        "value",
        "the probabilities add up to 1 in each column, not in each row.",
        "The classes of one sample stand in one row.",
        "Look at the axes of your sums.",
    ),
    "value-each-class-by-itself": (
        "value",
        "each class has a loss of its own, with a term for yes and one for no.",
        "That is the loss for answers that do not exclude each other; here one class is right.",
        "Count the terms of the formula.",
    ),
    "value-of-the-likeliest-class": (
        "value",
        "the loss is that of the likeliest class in each row, not of the class that the target "
        "names.",
        "A loss that does not see the targets cannot say whether a prediction is right.",
        "Look at how you choose one class in each row.",
    ),
    "value-absolute-forgotten": (
        "value",
        "the absolute value of {term} is not taken: it stands there as it is.",
        "For one sign of the input it makes no difference, for the other it does.",
        "Try one positive and one negative input.",
    ),
    "value-maximum-forgotten": (
        "value",
        "a maximum is missing: {term} stands there as it is.",
        "For positive inputs it makes no difference, for negative ones it does.",
        "Try one positive and one negative input.",
    ),
    "value-minimum-for-maximum": (
        "value",
        "a minimum of {term} stands where a maximum belongs.",
        "It keeps the other half of the inputs.",
        "Try one positive and one negative input.",
    ),
    # Curves and steps.
    "implicit-upside-down": (
        "implicit",
        "the two derivatives stand as in the slope of x against y.",
        "How y moves with x and how x moves with y are inverse to each other.",
        "Look at which of the two derivatives stands below.",
    ),
    "implicit-sum": (
        "implicit",
        "both terms of the equation are differentiated, and nothing says that y moves with x.",
        "y stands for a function of x here, so its term brings one more factor.",
        "Look at the term with y.",
    ),
    "implicit-only-toward-x": (
        "implicit",
        "only the term with x comes into your slope.",
        "y moves with x, so its term counts.",
        "Look at the term with y.",
    ),
    "implicit-bracket": (
        "implicit",
        "y stands above the fraction line where it belongs below.",
        "Python reads a / b * c as (a / b) * c.",
        "Look at where y stands in your line, and at the brackets there.",
    ),
    "implicit-product": (
        "implicit",
        "the two derivatives are multiplied.",
        "To solve for the slope, one of them is divided by.",
        "Look at how the two derivatives are put together.",
    ),
    "implicit-y-forgotten": (
        "implicit",
        "y does not come into your slope as it should: it is lost below.",
        "The slope depends on where on the curve you are.",
        "Look at the term with y.",
    ),
    "implicit-one-half": (
        "implicit",
        "your slope is right on one half of the curve only.",
        "There are two points for each x; y says which.",
        "Look at how y comes into your line.",
    ),
    "implicit-constant-kept": (
        "implicit",
        "the constant side of the equation still counts in your slope.",
        "A constant does not move along the curve.",
        "Look at the derivative of both sides, before you solve.",
    ),
    "implicit-coordinates-exchanged": (
        "implicit",
        "x and y have changed places in your slope; its constant is right.",
        "Each letter comes with the derivative that it is in, above or below.",
        "Solve for the slope once more, and look at where each letter goes.",
    ),
    "implicit-coefficients-exchanged": (
        "implicit",
        "x and y stand in the right places, with the constant upside down.",
        "Each square stands over a number of its own.",
        "Solve for the slope once more, and look at where each number goes.",
    ),
    "implicit-coefficients-roots": (
        "implicit",
        "x and y stand in the right places; the constant is the root of the right one.",
        "The half axes are seen in a drawing, but it is the equation that is differentiated.",
        "Look at the two numbers in your line, and at those in the equation.",
    ),
    "implicit-factor-two": (
        "implicit",
        "x and y stand in the right places, with a wrong constant: your slope is {c} times the "
        "true one.",
        "Both squares bring the same factor to the front.",
        "Look at the numbers in front of x and y.",
    ),
    "implicit-coefficients": (
        "implicit",
        "x and y stand in the right places, with a wrong constant: your slope "
        "is {c} times the true "
        "one.",
        "Each square stands over a number of its own.",
        "Look at which number belongs to x and which to y.",
    ),
    "product-for-power": (
        "chain",
        "the slope is multiplied by n.",
        "n times the slope is a sum of n slopes; along a chain they are multiplied by one another.",
        "Look at how the slope and n are put together.",
    ),
    "power-left-out": (
        "chain",
        "one slope comes back, whatever n is.",
        "Each of the n links contributes a factor of its own.",
        "Look at what n does in your lines.",
    ),
    "power-inside": (
        "chain",
        "one slope comes back, taken at n times the place.",
        "The same value enters every link; it is the slopes that are multiplied.",
        "Look at where n stands in your line.",
    ),
    "value-handed-on": (
        "chain",
        "each slope is taken at what the activation before it gives.",
        "That is right where each activation feeds the next one; here every factor is the slope at "
        "the same z.",
        "Look at where the second of your slopes is taken.",
    ),
    "power-of-one-part": (
        "chain",
        "the power acts on a part of the slope only.",
        "A power binds tighter than a product or a difference.",
        "Look at what the power acts on.",
    ),
    "step-uphill": (
        "step",
        "the step goes uphill.",
        "The gradient is the direction of steepest ascent.",
        "Look at the sign of your step.",
    ),
    "step-alone": (
        "step",
        "what came back is the step, not the point that it leads to.",
        "A step starts where you are.",
        "Look at what your step is added to.",
    ),
    "step-alone-uphill": (
        "step",
        "what came back is the step, and it goes uphill.",
        "A step starts where you are, and goes against the gradient.",
        "Look at what your step is added to, and at its sign.",
    ),
    "step-half": (
        "step",
        "the step is half as long as it should be.",
        "The slope of a square is more than its base.",
        "Look at the gradient that you use.",
    ),
    "step-doubled": (
        "step",
        "the step is twice as long as it should be.",
        "Each derivative counts once.",
        "Look at the gradient that you use.",
    ),
    "step-without-rate": (
        "step",
        "the rate does not come into the step.",
        "The rate says how far to follow the gradient.",
        "Look for lr in your lines.",
    ),
    "step-own-rate": (
        "step",
        "a rate of your own is used, not the one that is handed to you.",
        "The rate differs from call to call.",
        "Look for lr in your lines.",
    ),
    "step-rate-divides": (
        "step",
        "the gradient is divided by the rate.",
        "A larger rate makes a larger step.",
        "Look at how lr comes in.",
    ),
    "step-rate-squared": (
        "step",
        "the rate is there twice.",
        "It says once how far to follow the gradient.",
        "Look for lr in your lines.",
    ),
    "step-of-length-one": (
        "step",
        "the gradient is scaled to length 1 before the step.",
        "Where it is steep the step is longer; scaling loses that.",
        "Look for a length or a norm.",
    ),
    "step-second-from-first": (
        "step",
        "the second entry moves by the first entry's derivative.",
        "Each entry has a partial derivative of its own.",
        "Look at which derivative moves the second entry.",
    ),
    "step-second-from-new-first": (
        "step",
        "the second entry moves by the first entry's derivative, taken after the first has moved.",
        "Each entry has a partial derivative of its own, and all are taken at the old point.",
        "Look at which derivative moves the second entry, and at where it is taken.",
    ),
    "step-first-from-second": (
        "step",
        "the first entry moves by the second entry's derivative.",
        "Each entry has a partial derivative of its own.",
        "Look at which derivative moves the first entry.",
    ),
    "step-slopes-exchanged": (
        "step",
        "each entry moves by the derivative of the other one.",
        "Each entry has a partial derivative of its own.",
        "Look at which derivative moves which entry.",
    ),
    "step-sum-of-slopes": (
        "step",
        "both entries move by the sum of the two derivatives.",
        "A gradient is no number: each entry has a partial derivative of its own.",
        "Look at what the rate is multiplied by.",
    ),
    "step-value-for-slope": (
        "step",
        "a value of the function stands where a slope belongs.",
        "The value says how high you are; which way is down, and how steep, only slopes tell.",
        "Look at what the rate is multiplied by.",
    ),
    "step-second-uphill": (
        "step",
        "the second entry goes uphill.",
        "Both entries go against their slopes.",
        "Look at the sign with which the second entry moves.",
    ),
    "step-first-uphill": (
        "step",
        "the first entry goes uphill.",
        "Both entries go against their slopes.",
        "Look at the sign with which the first entry moves.",
    ),
    "step-of-first-only": (
        "step",
        "only the first entry moves.",
        "Both entries move at once.",
        "Look at your second value.",
    ),
    "step-of-second-only": (
        "step",
        "only the second entry moves.",
        "Both entries move at once.",
        "Look at your first value.",
    ),
    "step-gradient-alone": (
        "step",
        "what came back is the gradient.",
        "It is one part of the step.",
        "Look at what you return.",
    ),
    "step-exchanged": (
        "step",
        "the two numbers are exchanged.",
        "They come back in the order x, y.",
        "Look at what you return.",
    ),
}
