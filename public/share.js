// Copies a link, or passes it to the device's share sheet. Without this script it is selected and copied by hand.
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
      // Not allowed here: the link is selected, so that one key copies it.
      link.focus();
    }
  });
}

if (navigator.share) {
  share.hidden = false;
  share.addEventListener("click", () => {
    // Closing the sheet without choosing is no error.
    navigator.share({ text: share.dataset.text, url: link.value }).catch(() => {});
  });
}
