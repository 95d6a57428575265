// Shows the chosen picture and lets one choose the square of it; takes it by drop and paste too. The form
// sends the file without this, and the server takes the square in the middle.
const form = document.querySelector(".picture-form");
const [file, crop] = [form.elements.picture, form.elements.crop];
const cropper = form.querySelector(".cropper");
const [canvas, zoom] = [cropper.querySelector("canvas"), cropper.querySelector("input")];
const pen = canvas.getContext("2d");
let picture;
let centre = { x: 0, y: 0 };

const side = () => Math.min(picture.width, picture.height) / zoom.value;
const within = (value, length) => Math.min(Math.max(value, side() / 2), length - side() / 2);

function draw() {
  centre = { x: within(centre.x, picture.width), y: within(centre.y, picture.height) };
  const [left, top] = [centre.x - side() / 2, centre.y - side() / 2];
  pen.clearRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(picture, left, top, side(), side(), 0, 0, canvas.width, canvas.height);
  crop.value = [left, top, Math.max(1, side())].map(Math.floor).join();
}

async function show() {
  picture?.close();
  picture = undefined;
  crop.value = "";
  cropper.hidden = true;
  const chosen = file.files[0];
  if (!chosen) return;
  // A file that the browser cannot read is the server's to refuse, with a sentence.
  picture = await createImageBitmap(chosen).catch(() => undefined);
  if (!picture) return;
  zoom.value = 1;
  centre = { x: picture.width / 2, y: picture.height / 2 };
  cropper.hidden = false;
  draw();
}

function move(x, y) {
  const scale = side() / canvas.clientWidth;
  centre = { x: centre.x - x * scale, y: centre.y - y * scale };
  draw();
}

const ARROWS = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

file.addEventListener("change", show);
zoom.addEventListener("input", draw);
let held;
canvas.addEventListener("pointerdown", (event) => {
  canvas.setPointerCapture(event.pointerId);
  held = event;
});
canvas.addEventListener("pointermove", (event) => {
  if (!canvas.hasPointerCapture(event.pointerId)) return;
  move(event.clientX - held.clientX, event.clientY - held.clientY);
  held = event;
});
canvas.addEventListener("keydown", (event) => {
  const step = ARROWS[event.key];
  if (!step) return;
  event.preventDefault();
  move(step[0] * 12, step[1] * 12);
});

function take(event, data) {
  if (!data?.files.length) return;
  event.preventDefault();
  file.files = data.files;
  show();
}

addEventListener("dragover", (event) => event.preventDefault());
addEventListener("drop", (event) => take(event, event.dataTransfer));
addEventListener("paste", (event) => take(event, event.clipboardData));
if (file.files.length) show();
