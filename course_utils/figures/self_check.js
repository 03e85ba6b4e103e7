function render({ model, el }) {
  const root = element(el, "div", {
    class: "gbh gbh-controls", role: "group", "aria-label": `Question ${model.get("number")}`,
  });
  root.addEventListener("keydown", (event) => event.stopPropagation());
  element(root, "span", {}, `Your answer to ${model.get("number")}:`);
  const buttons = model.get("choices").map((letter) => {
    const node = button(root, letter, () => {
      model.set("chosen", letter);
      model.save_changes();
    });
    node.setAttribute("aria-label", `Choose ${letter}`);
    return [letter, node];
  });
  follow(model, ["chosen"], () => {
    for (const [letter, node] of buttons) {
      node.setAttribute("aria-pressed", String(letter === model.get("chosen")));
    }
  });
}

export default { render };
