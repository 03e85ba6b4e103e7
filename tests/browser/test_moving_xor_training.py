"""XOR in training: what is drawn from the bytes, and what the controls ask of the kernel."""

import pytest

from course_utils.figures.xor_training import xor_training
from tests.browser.alone import draw

PUT = """([pixels, losses, outputs, told]) => {
    const view = (bytes) => new DataView(new Uint8Array(bytes).buffer);
    window.model.set("_pixels", view(pixels));
    window.model.set("_losses", view(losses));
    window.model.set("outputs", outputs);
    window.model.set("told", told);
}"""


def drawn(page, figure):
    """Draw a figure in its present state, the bytes included, which a new page has not."""
    draw(page, figure)
    put(page, figure)


def put(page, figure):
    given = [list(figure._pixels), list(figure._losses), figure.outputs, figure.told]
    page.evaluate(PUT, given)
    page.evaluate("() => new Promise(requestAnimationFrame)")


def colour(page, x, y):
    """Return red and blue of the canvas at a point of the plane."""
    return page.evaluate(
        """([x, y]) => {
            const canvas = document.querySelector("canvas");
            const at = (v) => Math.floor((v + 0.25) / 1.5 * 48);
            const data = canvas.getContext("2d").getImageData(at(x), 47 - at(y), 1, 1).data;
            return [data[0], data[2]];
        }""",
        [x, y],
    )


def test_the_canvas_shows_on_which_side_each_sample_lies(blank):
    figure = xor_training(seed=1)
    figure.run()
    drawn(blank, figure)
    for (x, y), target in zip(figure.data["points"], figure.data["targets"], strict=True):
        red, blue = colour(blank, x, y)
        assert (blue > red) == bool(target)


def test_the_canvas_lies_exactly_behind_the_axes(blank):
    drawn(blank, xor_training())
    canvas = blank.locator("canvas").bounding_box()
    inside = blank.evaluate("""() => {
        const svg = document.querySelector("svg.gbh-plot"), at = svg.getBoundingClientRect();
        const scale = at.width / 300;
        return { x: at.x + 58 * scale, y: at.y + 12 * scale, right: at.x + 286 * scale,
          bottom: at.y + 250 * scale };
    }""")
    assert canvas["x"] == pytest.approx(inside["x"], abs=1)
    assert canvas["y"] == pytest.approx(inside["y"], abs=1)
    assert canvas["x"] + canvas["width"] == pytest.approx(inside["right"], abs=1)
    assert canvas["y"] + canvas["height"] == pytest.approx(inside["bottom"], abs=1)


def test_the_border_runs_between_samples_of_different_kinds(blank):
    figure = xor_training(seed=1)
    figure.run()
    drawn(blank, figure)
    # Along equal inputs the output stays below one half, along the other diagonal it crosses twice.
    crossings = blank.evaluate("""() => {
        const path = document.querySelector(".gbh-border");
        const X = (v) => 58 + (v + 0.25) / 1.5 * 228, Y = (v) => 250 - (v + 0.25) / 1.5 * 238;
        const pieces = path.getAttribute("d").split("M").slice(1)
            .map(piece => piece.split("L").map(point => point.split(",").map(Number)));
        const side = ([x, y], rising) => rising
            ? (y - Y(0)) * (X(1) - X(0)) - (x - X(0)) * (Y(1) - Y(0))
            : (y - Y(1)) * (X(1) - X(0)) - (x - X(0)) * (Y(0) - Y(1));
        return [true, false].map(rising => pieces.filter(([a, b]) => {
            const [one, two] = [side(a, rising), side(b, rising)];
            return one > 0 !== two > 0;
        }).length);
    }""")
    assert crossings == [0, 2]


def test_the_loss_curve_has_a_point_for_every_step(blank):
    figure = xor_training(seed=1)
    figure.run(40)
    drawn(blank, figure)
    points = blank.locator("polyline.gbh-2").get_attribute("points").split()
    assert len(points) == 41
    assert blank.locator(".gbh-wide").inner_text().startswith("step 40, loss 0.")


def test_start_and_pause_are_one_button_and_reset_another(blank):
    draw(blank, xor_training())
    blank.get_by_role("button", name="start").press("Enter")
    assert blank.evaluate("window.sent.at(-1).running") is True
    blank.get_by_role("button", name="pause").press("Enter")
    assert blank.evaluate("window.sent.at(-1).running") is False
    blank.get_by_role("button", name="reset").press("Enter")
    assert blank.evaluate("window.sent.at(-1)") == "reset"


def test_seed_units_and_rate_are_chosen_by_keyboard(blank):
    draw(blank, xor_training())
    blank.get_by_role("slider", name="seed").press("ArrowLeft")
    blank.get_by_role("combobox", name="ReLU units").select_option("2")
    blank.get_by_role("combobox", name="rate").select_option("0.3")
    sent = blank.evaluate("window.sent.at(-1)")
    assert (sent["seed"], sent["hidden"], sent["rate"]) == (0, "2", "0.3")


def test_an_error_is_read_out_at_once_and_a_running_training_is_not_read_out_each_frame(blank):
    figure = xor_training(lambda params, X, Y: params["W3"], seed=1)
    draw(blank, figure)
    blank.evaluate("window.model.set('running', true)")
    said = blank.get_by_role("status")
    before = said.inner_text()
    assert before.endswith("Ready to start.")
    blank.evaluate("window.model.set('told', 'Step 1')")
    blank.evaluate("window.model.set('told', 'Step 2')")
    assert said.inner_text() == before
    figure.run()
    put(blank, figure)
    blank.evaluate("window.model.set('running', false)")
    assert "Stopped: your function raised KeyError: 'W3'" in said.inner_text()


def test_who_wants_little_motion_sees_three_frames_a_second_and_the_last_one(blank):
    blank.emulate_media(reduced_motion="reduce")
    draw(blank, xor_training())
    changes = blank.evaluate("""async () => {
        const pause = (ms) => new Promise(done => setTimeout(done, ms));
        const view = (n) => new DataView(new Float32Array(n).fill(0.5).buffer);
        const counter = document.querySelector(".gbh-wide");
        let changes = 0;
        new MutationObserver(() => changes++).observe(counter, { childList: true });
        window.model.set("running", true);
        for (let n = 1; n <= 50; n++) {
            window.model.set("_losses", view(n));
            await pause(20);
        }
        window.model.set("running", false);
        await pause(700);
        return [changes, counter.textContent];
    }""")
    assert 2 <= changes[0] <= 6
    assert changes[1].startswith("step 49,")
