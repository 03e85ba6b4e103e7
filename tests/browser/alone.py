"""A figure's real ES module in a real browser, with a model that only remembers what is set."""

import json

from axe_playwright_python.sync_playwright import Axe

from course_utils.figures import base

PAGE = """<!doctype html><html lang="en"><head><title>figure</title><style>%s
body { margin: 0; color: var(--jp-content-font-color1); background: var(--jp-layout-color0); }
</style></head>
<body data-jp-theme-light="%s"><main><h1>figure</h1><div id="here"></div></main></body></html>"""
LIGHT = ":root { --jp-content-font-color1: rgba(0, 0, 0, 0.87); --jp-layout-color0: #fff }"
DARK = ":root { --jp-content-font-color1: #fff; --jp-layout-color0: #111 }"
DRAW = """async ([code, state]) => {
    const heard = {};
    window.sent = [];
    window.model = {
        get: (name) => state[name],
        set(name, value) {
            if (state[name] === value) return;
            state[name] = value;
            for (const act of heard[`change:${name}`] ?? []) act();
        },
        on: (event, act) => (heard[event] ??= []).push(act),
        off() {},
        save_changes: () => window.sent.push({ ...state }),
        send: (message) => window.sent.push(message),
        hear: (message, buffers) =>
            (heard["msg:custom"] ?? []).forEach((act) => act(message, buffers)),
    };
    const url = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
    const module = await import(url);
    module.default.render({ model: window.model, el: document.getElementById("here") });
}"""


def draw(page, figure, *, light=True):
    """Draw a figure in an empty page; `window.model` is then its model."""
    style = (LIGHT if light else DARK) + (base.HERE / "shared.css").read_text("utf-8")
    page.set_content(PAGE % (style, str(light).lower()))
    draw_also(page, figure)


def draw_also(page, figure):
    """Draw one more figure below those of the page; `window.model` is then its model."""
    names = [n for n in figure.keys if not n.startswith("_") and n not in ("layout", "tooltip")]
    state = {name: getattr(figure, name) for name in names}
    page.evaluate(DRAW, [str(figure._esm), json.loads(json.dumps(state))])


def faults(page):
    """Return what axe-core finds serious or critical, each as its rule and the element."""
    found = Axe().run(page).response["violations"]
    return [
        f"{violation['id']}: {node['html']}"
        for violation in found
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]
