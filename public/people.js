// Searches users, or rooms, while the user types. The form does the same without this script.
const field = document.querySelector("#q");
const found = document.querySelector("#found");
let asked = field.value;
let asking = new AbortController();

field.addEventListener("input", async () => {
  if (field.value === asked) return;
  asked = field.value;
  asking.abort();
  asking = new AbortController();
  const address = new URL(field.form.action);
  if (asked.trim()) address.searchParams.set("q", asked);
  try {
    const answer = await fetch(address, { signal: asking.signal });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("#found");
    if (!fresh) return location.assign(address);
    keepChosen(fresh);
    found.replaceChildren(...fresh.childNodes);
    history.replaceState(null, "", address);
  } catch {
    // Overtaken by the next key, or offline: the previous results stay, and so does the form.
  }
});

// Where users can be selected, those selected stay in the list, whatever is searched next.
function keepChosen(fresh) {
  for (const chosen of [...found.querySelectorAll("input:checked")].reverse()) {
    fresh.querySelector(`[value="${chosen.value}"]`)?.closest("li").remove();
    let list = fresh.querySelector("ul");
    if (!list) {
      list = document.createElement("ul");
      list.className = "faces";
      fresh.prepend(list);
    }
    list.prepend(chosen.closest("li"));
  }
}
