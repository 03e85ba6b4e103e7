const PASSES = { "false,false": "right", "true,false": "=", "false,true": "deep",
  "true,true": "deep=" };

const LABEL = 21; // the height that the number on an edge takes, above the box it enters

function render({ model, el }) {
  const { root, picture, controls, say } = frame(model, el);
  const { nodes, edges, height, passes } = model.get("data");
  root.classList.add("gbh-steps");
  // The controls stand above: a long graph is scrolled below them.
  root.insertBefore(controls, picture);
  root.insertBefore(root.querySelector(".gbh-said"), picture);
  set(picture, { tabindex: 0, role: "group", "aria-label": "the graph, arrow keys step" });

  const svg = shape(picture, "svg", {
    viewBox: `0 0 560 ${height}`, class: "gbh-plot", role: "img",
    "aria-label": `A graph of ${nodes.length} nodes, the output ${nodes.at(-1).name} at the bottom. `
      + "The line above tells each step.",
  });
  const lines = edges.map(({ points }) => {
    let d = `M${points[0]}`;
    for (let i = 1; i < points.length; i++) {
      const last = i === points.length - 1 ? LABEL : 0;
      const [[x0, y0], [x1, y1]] = [points[i - 1], [points[i][0], points[i][1] - last]];
      d += `C${x0},${(y0 + y1) / 2} ${x1},${(y0 + y1) / 2} ${x1},${y1}`;
    }
    return shape(svg, "path", { d: `${d}m0,${LABEL - 5}v5` });
  });
  const slopes = edges.map(({ points, text }) => {
    const [x, y] = points.at(-1);
    return shape(svg, "text", { x, y: y - 8, "text-anchor": "middle"}, text);
  });
  const boxes = nodes.map(({ x, y, w, h, label, op, text, fork }) => {
    const g = shape(svg, "g", { transform: `translate(${x - w / 2} ${y})` });
    const box = shape(g, "rect", { width: w, height: h, rx: 6 });
    shape(g, "text", { x: 6, y: 15, class: "gbh-strong" }, label);
    shape(g, "text", { x: w - 6, y: 15, "text-anchor": "end" }, op);
    shape(g, "text", { x: 6, y: 30 }, `data ${text}`);
    const sum = shape(g, "text", { x: 6, y: 46, class: "gbh-2" });
    const lost = shape(g, "text", { x: 6, y: 46, class: "gbh-2 gbh-lost" });
    const grad = shape(g, "text", { x: 6, y: h - 6, class: "gbh-2" });
    return { box, sum, lost, grad, fork };
  });

  const pass = () => passes[PASSES[[model.get("overwrite"), model.get("depth_first")]]];
  const at = () => Math.min(model.get("step"), pass().steps.length);
  const go = (step) => {
    model.set("step", Math.max(0, Math.min(pass().steps.length, step)));
    model.save_changes();
  };
  const buttons = {
    first: button(controls, "first", () => go(0)),
    back: button(controls, "back", () => go(at() - 1)),
    next: button(controls, "next", () => go(at() + 1)),
    last: button(controls, "last", () => go(pass().steps.length)),
  };
  const counter = element(controls, "span", { class: "gbh-value" });
  root.addEventListener("keydown", (event) => {
    const keys = { ArrowLeft: "back", ArrowRight: "next", Home: "first", End: "last" };
    if (!keys[event.key] || event.target.type === "text") return;
    event.preventDefault();
    buttons[keys[event.key]].click();
  });
  toggle(controls, model, "overwrite", "= instead of +=");
  toggle(controls, model, "depth_first", "depth first");
  const predict = toggle(controls, model, "predict", "predict each step");

  let typed = null;
  const guess = prediction(controls, model, "predicted", {
    label: "gradient",
    reveal(value) {
      const step = pass().steps[at()];
      const { name } = nodes[step.node];
      const before = model.get("predictions");
      if (!(name in before)) model.set("predictions", { ...before, [name]: value });
      typed = { step: at() + 1, value };
      go(at() + 1);
      guess.input.value = "";
    },
  });
  const form = guess.input.form;

  const near = (a, b) => Math.abs(a - b) <= 0.005 * Math.abs(b) + 1e-12;
  const verdict = ({ grad, parts, local }) => {
    const { value } = typed;
    if (near(value, grad)) return `You predicted ${numbers(value)}: right. `;
    let why = "";
    if (parts.length > 1 && parts.some((part) => near(value, part))) {
      why = " That is one contribution; all of them add.";
    } else if (local.some((slope) => near(value, slope))) {
      why = " That is the local derivative; it is multiplied by the gradient from below.";
    } else if (near(value, -grad)) why = " The sign differs.";
    return `You predicted ${numbers(value)}.${why} `;
  };

  const draw = () => {
    const { steps, end } = pass();
    const step = at();
    const shown = new Map(steps.slice(0, step).map((s) => [s.node, s]));
    const now = steps[step - 1];
    const uses = new Set((now?.uses ?? []).map(String));
    edges.forEach((edge, i) => {
      const hot = uses.has(`${edge.to},${edge.place}`);
      lines[i].setAttribute("class", hot ? "gbh-line gbh-2" : "gbh-edge");
      slopes[i].setAttribute("class", `gbh-halo gbh-${hot ? 2 : 0}`);
    });
    boxes.forEach(({ box, sum, lost, grad, fork }, i) => {
      const found = shown.get(i);
      box.setAttribute("class", `gbh-box${now?.node === i ? " gbh-now" : ""}`
        + (found?.wrong ? " gbh-wrong" : ""));
      sum.textContent = found && fork ? found.sum[0] : "";
      lost.textContent = found && fork ? found.sum[1] : "";
      grad.textContent = found ? `grad ${found.text}` : "";
    });
    counter.textContent = `step ${step} of ${steps.length}`;
    for (const name of ["first", "back"]) set(buttons[name], { "aria-disabled": step === 0 });
    for (const name of ["next", "last"]) {
      set(buttons[name], { "aria-disabled": step === steps.length });
    }
    const wrongPass = model.get("overwrite") || model.get("depth_first");
    predict.disabled = wrongPass;
    const asked = model.get("predict") && !wrongPass && step < steps.length;
    form.style.display = asked ? "" : "none";
    guess.input.disabled = guess.send.disabled = !asked;
    if (asked) {
      guess.input.labels[0].textContent = `gradient of ${nodes[steps[step].node].name}:`;
    }
    const told = now && typed?.step === step && !wrongPass ? verdict(now) : "";
    say(now ? `${told}${now.say}${step === steps.length ? end : ""}`
      : "The forward values are there. Next: the way back, from the output at the bottom.");
    if (now) show(nodes[now.node]);
  };
  // Keep the present node in sight where the graph is higher than its window.
  const show = ({ y, h }) => {
    const scale = svg.clientWidth / 560;
    const [top, bottom] = [(y - 70) * scale, (y + h + 70) * scale];
    if (top < picture.scrollTop) picture.scrollTop = top;
    else if (bottom > picture.scrollTop + picture.clientHeight) {
      picture.scrollTop = bottom - picture.clientHeight;
    }
  };
  for (const trait of ["overwrite", "depth_first"]) {
    model.on(`change:${trait}`, () => go(0));
  }
  follow(model, ["step", "overwrite", "depth_first", "predict"], draw);
  requestAnimationFrame(() => {
    if (!at()) picture.scrollTop = picture.scrollHeight;
  });
}

export default { render };
