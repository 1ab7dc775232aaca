// Streets under the map, from a server of tiles that the operator named, and only after a press: it learns where one looks.
"use strict";
const ask = document.getElementById("tiles-ask");
if (ask) {
  const button = ask.querySelector("button");
  const layer = document.getElementById("tiles");
  const half = 160; // units of the drawing
  const [lat0, lon0, perDegree] = button.dataset.place.split(" ").map(Number);
  const narrow = Math.cos((lat0 * Math.PI) / 180);
  const mercator = (lat) => (1 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / Math.PI) / 2;
  const latitude = (part) => (Math.atan(Math.sinh(Math.PI * (1 - 2 * part))) * 180) / Math.PI;
  const across = (lon) => (lon - lon0) * perDegree * narrow;
  const down = (lat) => (lat0 - lat) * perDegree;
  const zoom = Math.min(19, Math.ceil(Math.log2((360 * perDegree * narrow) / 200)));
  const count = 2 ** zoom;
  const put = (x, y) => {
    const image = document.createElementNS("http://www.w3.org/2000/svg", "image");
    const left = across((x / count) * 360 - 180);
    const top = down(latitude(y / count));
    image.setAttribute("x", left);
    image.setAttribute("y", top);
    image.setAttribute("width", across(((x + 1) / count) * 360 - 180) - left);
    image.setAttribute("height", down(latitude((y + 1) / count)) - top);
    image.setAttribute("preserveAspectRatio", "none");
    const column = ((x % count) + count) % count;
    const address = button.dataset.tiles.replace("{z}", zoom).replace("{x}", column).replace("{y}", y);
    image.setAttribute("href", address);
    layer.append(image);
  };
  ask.hidden = false;
  button.addEventListener("click", () => {
    const aside = half / perDegree;
    const first = Math.floor(((lon0 - aside / narrow + 180) / 360) * count);
    const last = Math.floor(((lon0 + aside / narrow + 180) / 360) * count);
    const top = Math.max(0, Math.floor(mercator(lat0 + aside) * count));
    const foot = Math.min(count - 1, Math.floor(mercator(lat0 - aside) * count));
    for (let x = first; x <= last; x += 1) for (let y = top; y <= foot; y += 1) put(x, y);
    document.querySelector(".map .land")?.remove();
    document.getElementById("tiles-by").hidden = false;
    ask.hidden = true;
  });
}
