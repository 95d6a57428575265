// Copies a link, or hands it to the device's own share sheet. Without this it is selected and copied by hand.
const link = document.querySelector("#link");
const copy = document.querySelector("#copy");
const share = document.querySelector("#share");

link.addEventListener("focus", () => link.select());

if (navigator.clipboard) {
  copy.hidden = false;
  const label = copy.textContent;
  copy.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(link.value);
      copy.textContent = copy.dataset.done;
      setTimeout(() => (copy.textContent = label), 2000);
    } catch {
      // Not allowed here: selected, it is one key away.
      link.focus();
    }
  });
}

if (navigator.share) {
  share.hidden = false;
  share.addEventListener("click", () => {
    // Whoever closes the sheet without choosing has not failed.
    navigator.share({ text: share.dataset.text, url: link.value }).catch(() => {});
  });
}
