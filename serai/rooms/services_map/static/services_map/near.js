// Where I am now: the phone's place, rounded to about one kilometre before it is sent. Without this script a town is typed.
"use strict";
const form = document.getElementById("by-device");
if (form && navigator.geolocation && window.isSecureContext) {
  const [latitude, longitude] = form.querySelectorAll("input[name]");
  const trouble = form.querySelector(".error");
  const filters = document.querySelector("form.near");
  const step = 0.01; // degrees
  const rounded = (degrees) => (Math.round(degrees / step) * step).toFixed(2);
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    if (latitude.value) return;
    event.preventDefault();
    trouble.hidden = true;
    navigator.geolocation.getCurrentPosition(
      (position) => {
        latitude.value = rounded(position.coords.latitude);
        longitude.value = rounded(position.coords.longitude);
        for (const [name, value] of new FormData(filters)) {
          if (name === "place") continue;
          const kept = document.createElement("input");
          kept.type = "hidden";
          kept.name = name;
          kept.value = value;
          form.append(kept);
        }
        form.submit();
      },
      () => { trouble.hidden = false; },
      { enableHighAccuracy: false, maximumAge: 600000, timeout: 15000 },
    );
  });
}
