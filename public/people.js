// Finds people, or rooms, while one types. The form does the same without this.
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
    // Overtaken by the next key, or offline: what was found before stays, and so does the form.
  }
});

// Where people are chosen, who has been chosen stays, whatever is looked for next.
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
