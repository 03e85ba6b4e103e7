"""The graph stepper, stepped through."""

import pytest

from course_utils.figures.graph_stepper import graph_stepper
from tests.browser.alone import draw
from tests.figures.examples import Value, first_graph, small_net, two_forks


def said(page):
    return page.get_by_role("status").inner_text()


def drawn(page):
    return page.locator("svg g text").all_text_contents()


def test_arrow_keys_step_and_home_and_end_go_to_the_ends(blank):
    draw(blank, graph_stepper(*first_graph()))
    assert said(blank).startswith("The forward values are there.")
    blank.get_by_role("button", name="next").focus()
    blank.keyboard.press("ArrowRight")
    blank.keyboard.press("ArrowRight")
    assert said(blank) == "q.grad = v1.grad × local derivative = 1 × 4 = 4."
    blank.keyboard.press("ArrowLeft")
    assert said(blank) == "The way back starts at the output: v1.grad = 1."
    blank.keyboard.press("End")
    assert said(blank).endswith("Done: all gradients are right.")
    assert blank.evaluate("window.sent.at(-1).step") == 5
    blank.keyboard.press("Home")
    assert said(blank).startswith("The forward values")


def test_a_button_at_its_end_keeps_the_focus_and_does_nothing(blank):
    draw(blank, graph_stepper(*two_forks()))
    button = blank.get_by_role("button", name="next")
    for _ in range(5):
        button.press("Enter")
    assert blank.evaluate("window.model.get('step')") == 3
    assert button.evaluate("node => node === document.activeElement")
    assert button.get_attribute("aria-disabled") == "true"


def test_gradients_and_sums_appear_in_the_boxes(blank):
    draw(blank, graph_stepper(*two_forks()))
    assert not [text for text in drawn(blank) if text.startswith("grad")]
    blank.get_by_role("button", name="last").click()
    assert {"2 + 2", "grad 4", "1 + 1", "grad 2", "grad 1"} <= set(drawn(blank))
    assert blank.locator(".gbh-wrong").count() == 0


def test_the_switches_show_the_passes_that_fail(blank):
    draw(blank, graph_stepper(*two_forks()))
    blank.get_by_label("= instead of +=").check()
    blank.get_by_role("button", name="last").click()
    assert said(blank).endswith("Done. Wrong: b (1, right is 2), a (1, right is 4).")
    assert blank.locator(".gbh-wrong").count() == 2
    blank.get_by_label("= instead of +=").uncheck()
    blank.get_by_label("depth first").check()
    assert blank.evaluate("window.model.get('step')") == 0
    blank.get_by_role("button", name="last").click()
    assert said(blank).endswith("a.grad = 1 + 1 + 2 + 2 = 6. Done. Wrong: a (6, right is 4).")


def test_a_prediction_is_kept_and_judged(blank):
    draw(blank, graph_stepper(*two_forks()))
    field = blank.get_by_role("textbox")
    assert not field.is_visible()
    blank.get_by_label("predict each step").check()
    for name, typed in [("c", "1"), ("b", "1"), ("a", "4,0")]:
        assert blank.get_by_label(f"gradient of {name}:").is_visible()
        field.fill(typed)
        field.press("Enter")
        verdict = said(blank)
        if name == "b":
            assert verdict.startswith("You predicted 1. That is one contribution; all of them add.")
        else:
            assert f"You predicted {typed[0]}: right." in verdict
    assert blank.evaluate("window.sent.at(-1).predictions") == {"c": 1, "b": 1, "a": 4}
    assert not field.is_visible()


def test_only_the_first_prediction_of_a_node_is_kept(blank):
    draw(blank, graph_stepper(*first_graph()))
    blank.get_by_label("predict each step").check()
    for typed in ("7", "1"):
        blank.get_by_role("textbox").fill(typed)
        blank.get_by_role("textbox").press("Enter")
        blank.get_by_role("button", name="first").click()
    assert blank.evaluate("window.model.get('predictions')") == {"v1": 7}


def test_arrow_keys_in_the_field_move_its_cursor_only(blank):
    draw(blank, graph_stepper(*first_graph()))
    blank.get_by_label("predict each step").check()
    blank.get_by_role("textbox").focus()
    blank.keyboard.press("ArrowRight")
    assert blank.evaluate("window.model.get('step')") == 0


@pytest.mark.parametrize("step", [1, 25, 52])
def test_in_a_high_graph_the_present_node_is_in_sight(blank, step):
    figure = graph_stepper(*small_net())
    assert figure.data["height"] > 1000
    figure.step = step
    draw(blank, figure)
    box, window = (
        blank.locator(".gbh-now").bounding_box(),
        blank.locator(".gbh-picture").bounding_box(),
    )
    assert window["y"] <= box["y"] and box["y"] + box["height"] <= window["y"] + window["height"]


def odd_words():
    """Return a graph with long names, a long op, and numbers of every size."""
    x, y = Value(-1234567.8), Value(-0.00012345)
    z = Value(3, (x, y, x), "weighted sum", (-1.2345e-7, -0.0012345, 98765.4321))
    w = Value(7, (z, z, z), "mean over the batch", (-1e-9, 1e9, -0.333333))
    return w, {"the first input": x, "y": y, "z of layer 12": z, "loss": w}


@pytest.mark.parametrize("make", [small_net, two_forks, odd_words])
@pytest.mark.parametrize("switch", [None, "= instead of +=", "depth first"])
def test_no_text_leaves_its_box_and_no_number_covers_another(blank, make, switch):
    draw(blank, graph_stepper(*make()))
    if switch:
        blank.get_by_label(switch).check()
    blank.get_by_role("button", name="last").click()
    overlaps = blank.evaluate("""() => {
        const texts = [...document.querySelectorAll("svg text")].filter(t => t.textContent);
        const rects = texts.map(t => t.getBoundingClientRect());
        const found = [];
        for (let i = 0; i < rects.length; i++) for (let j = 0; j < i; j++) {
            const [a, b] = [rects[i], rects[j]];
            const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
            const along = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
            if (across > 1 && along > 4) found.push([texts[i].textContent, texts[j].textContent]);
        }
        for (const box of document.querySelectorAll("svg g")) {
            const edge = box.querySelector("rect").getBoundingClientRect();
            for (const text of box.querySelectorAll("text")) {
                const at = text.getBoundingClientRect();
                if (text.textContent && (at.right > edge.right || at.left < edge.left)) {
                    found.push(text.textContent);
                }
            }
        }
        return found;
    }""")
    assert overlaps == []
