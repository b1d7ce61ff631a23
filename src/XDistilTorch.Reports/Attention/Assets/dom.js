/** An element with properties (or attributes, where there is no such property) and children; texts become text, never markup. */
function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties))
    if (name in made) made[name] = value;
    else made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** Of several elements exactly one is reached by the Tab key: this one. */
function moveTabStop(from, to) {
  from?.setAttribute("tabindex", "-1");
  to?.setAttribute("tabindex", "0");
}

/** A canvas as large as the screen's dots ask for, with its context in units of the page. */
function sizeCanvas(canvas, width, height) {
  const density = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * density);
  canvas.height = Math.round(height * density);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const context = canvas.getContext("2d");
  context.scale(density, density);
  return context;
}
