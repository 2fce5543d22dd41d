// The focal point of a picture: pressed in the picture itself, or moved by the arrow keys. The two numbers are what is saved.
const picture = document.querySelector(".focus-picture");
const inputs = ["focus_x", "focus_y"].map((name) => document.getElementById(`id_${name}`));

if (picture && inputs.every(Boolean)) {
  const point = picture.querySelector(".focus-point");
  const clamp = (value) => Math.min(100, Math.max(0, Math.round(value)));
  const show = () => {
    const [x, y] = inputs.map((input) => clamp(Number(input.value) || 0));
    point.style.setProperty("--x", `${x}%`);
    point.style.setProperty("--y", `${y}%`);
  };
  const set = (values) => {
    values.forEach((value, at) => { inputs[at].value = clamp(value); });
    show();
  };
  picture.addEventListener("click", (event) => {
    if (!event.detail) return; // the Enter key, which points nowhere
    const box = picture.querySelector("img").getBoundingClientRect();
    set([((event.clientX - box.left) / box.width) * 100, ((event.clientY - box.top) / box.height) * 100]);
  });
  picture.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!step) return;
    event.preventDefault();
    set(inputs.map((input, at) => (Number(input.value) || 0) + step[at] * (event.shiftKey ? 10 : 2)));
  });
  inputs.forEach((input) => input.addEventListener("input", show));
  show();
}
