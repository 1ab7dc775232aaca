// Says so on the page when a key did not answer: the library only writes it to the console.
document.addEventListener("allauth.error", (event) => {
  const words = document.getElementById("key-failed");
  if (words) {
    words.hidden = false;
    event.preventDefault();
  }
});
