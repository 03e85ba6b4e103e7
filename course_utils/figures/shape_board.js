function render({ model, el }) {
  const { picture, controls, say } = frame(model, el);
  const { tasks } = model.get("data");
  const select = choice(picture, model, "task", {
    label: "wanted", choices: tasks.map(({ name, wanted }) => [name, `${wanted}: ${name}`]),
  });
  const about = element(picture, "p", { class: "gbh-about" });
  const shelf = element(picture, "div", { class: "gbh-row", role: "group", "aria-label": "factors" });
  const board = element(picture, "div", {
    class: "gbh-row gbh-board", role: "group", "aria-label": "product, from the left",
  });
  let chosen = -1;

  const task = () => tasks.find(({ name }) => name === model.get("task"));
  const shown = (name) => name.replace(".T", "ᵀ");
  const written = (dims) => `(${dims.join(", ")})`;
  const bare = (name) => name.replace(".T", "");
  // A factor of another task is not shown: a task may change before its board is cleared.
  const placed = () => model.get("placed").filter((name) => bare(name) in task().factors);
  const shapeOf = (name, factors) => {
    const dims = factors[bare(name)];
    return name.endsWith(".T") ? [dims[1], dims[0]] : dims;
  };
  const fits = (names, { factors, shape: wanted }) => {
    const shapes = names.map((name) => shapeOf(name, factors));
    return shapes.length > 0 && shapes.every((dims, n) => !n || shapes[n - 1][1] === dims[0])
      && shapes[0][0] === wanted[0] && shapes[shapes.length - 1][1] === wanted[1];
  };
  // Every product in which each factor stands at most once, and that has the wanted shape.
  const allThatFit = (its, so_far = []) => {
    const found = fits(so_far, its) ? [so_far.join(" @ ")] : [];
    for (const name of Object.keys(its.factors)) {
      if (so_far.some((other) => bare(other) === name)) continue;
      for (const next of [name, `${name}.T`]) {
        const dims = shapeOf(next, its.factors);
        const last = so_far.length && shapeOf(so_far[so_far.length - 1], its.factors);
        if (!last || last[1] === dims[0]) found.push(...allThatFit(its, [...so_far, next]));
      }
    }
    return found;
  };

  const place = (names, at) => {
    chosen = at;
    model.set("placed", names);
    model.save_changes();
  };
  const move = (by) => {
    const names = [...placed()];
    const to = chosen + by;
    if (chosen < 0 || to < 0 || to >= names.length) return;
    [names[chosen], names[to]] = [names[to], names[chosen]];
    place(names, to);
  };
  const transpose = () => {
    const names = [...placed()];
    if (chosen < 0) return;
    names[chosen] = names[chosen].endsWith(".T") ? bare(names[chosen]) : `${names[chosen]}.T`;
    place(names, chosen);
  };
  const remove = () => {
    if (chosen < 0) return;
    const names = placed().filter((_, n) => n !== chosen);
    place(names, Math.min(chosen, names.length - 1));
  };
  const focusChosen = () => board.querySelector('[aria-pressed="true"]')?.focus();
  const acts = [
    button(controls, "← move left", () => move(-1)),
    button(controls, "move right →", () => move(1)),
    button(controls, "transpose", transpose),
    button(controls, "remove", remove),
    button(controls, "clear", () => place([], -1)),
  ];
  element(picture, "p", { class: "gbh-note" },
    "Choose a factor on the board, then move or transpose it. Its keys: ← and → move it, T "
    + "transposes it, Delete removes it.");
  const keys = {
    ArrowLeft: () => move(-1), ArrowRight: () => move(1), t: transpose, T: transpose,
    Delete: remove, Backspace: remove,
  };
  board.addEventListener("keydown", (event) => {
    if (!keys[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    chosen = [...board.querySelectorAll(".gbh-chip")].indexOf(document.activeElement);
    keys[event.key]();
    focusChosen();
  });
  select.addEventListener("change", () => place([], -1));

  const drawShelf = ({ factors, given, wanted, shape: dims }) => {
    about.textContent = `${given} Wanted: ${wanted} ${written(dims)}. Put factors on the board:`;
    shelf.replaceChildren();
    for (const [name, its] of Object.entries(factors)) {
      button(shelf, `+ ${name} ${written(its)}`, () => {
        place([...placed(), name], placed().length);
      });
    }
  };
  const drawBoard = ({ factors }, names) => {
    board.replaceChildren();
    if (!names.length) element(board, "span", {}, "The board is empty.");
    names.forEach((name, n) => {
      const dims = shapeOf(name, factors);
      if (n) {
        const before = shapeOf(names[n - 1], factors)[1];
        const meet = before === dims[0];
        element(board, "span", { class: `gbh-joint ${meet ? "gbh-3" : "gbh-2"}` },
          meet ? `${before} = ${dims[0]} ✓` : `${before} ≠ ${dims[0]} ✗`);
      }
      const chip = button(board, "", () => {
        chosen = n;
        draw();
        focusChosen();
      });
      chip.setAttribute("aria-pressed", String(n === chosen));
      chip.classList.add("gbh-chip");
      element(chip, "b", {}, shown(name));
      element(chip, "span", {}, ` ${written(dims)}`);
    });
  };
  const sentence = (its, names) => {
    if (!names.length) return `Wanted: ${its.wanted} ${written(its.shape)}.`;
    const shapes = names.map((name) => shapeOf(name, its.factors));
    const product = `${names.join(" @ ")}: ${shapes.map(written).join(" times ")}`;
    const clashes = shapes.slice(1).map((dims, n) => [shapes[n][1], dims[0], n])
      .filter(([a, b]) => a !== b);
    if (clashes.length) {
      const [a, b, n] = clashes[0];
      return `${product}. The inner dimensions clash between ${shown(names[n])} and `
        + `${shown(names[n + 1])}: ${a} is not ${b}.`
        + (clashes.length > 1 ? ` Clashes in all: ${clashes.length}.` : "");
    }
    const result = [shapes[0][0], shapes[shapes.length - 1][1]];
    if (!fits(names, its)) {
      return `${product} gives ${written(result)}, but ${its.wanted} has ${written(its.shape)}.`;
    }
    const others = new Set(allThatFit(its)).size - (new Set(names.map(bare)).size === names.length);
    return `${product} gives ${written(result)}: the shape of ${its.wanted}. ` + (others > 0
      ? `But shapes alone do not decide: of these factors, ${others} other `
        + `${others > 1 ? "products fit" : "product fits"} as well. Which one does the chain rule give?`
      : "No other product of these factors has it.");
  };
  const draw = () => {
    const [its, names] = [task(), placed()];
    if (chosen >= names.length) chosen = names.length - 1;
    drawBoard(its, names);
    const usable = [chosen > 0, chosen >= 0 && chosen < names.length - 1, chosen >= 0, chosen >= 0,
      names.length > 0];
    const focused = acts.indexOf(document.activeElement);
    acts.forEach((node, n) => { node.disabled = !usable[n]; });
    // A button that has just been switched off would lose the keyboard's place.
    if (focused >= 0 && !usable[focused]) focusChosen();
    say(sentence(its, names));
  };
  follow(model, ["task"], () => drawShelf(task()));
  follow(model, ["task", "placed"], draw);
}

export default { render };
