// Real composition, by the DevTools protocol, as with a Korean keyboard.
import { expect, test } from "./support/test";
import { connected, createRoom, lines, newcomer, signUp } from "./support/verbs";
import { form, places } from "./support/words";
import type { CDPSession, Page } from "@playwright/test";

const ENTER = { key: "Enter", code: "Enter", windowsVirtualKeyCode: 13 };

async function composer(page: Page): Promise<CDPSession> {
  await signUp(page, newcomer("민지"));
  await createRoom(page, "한글방");
  await connected(page);
  await page.locator(`${form("post_message")} [name=text]`).focus();
  return page.context().newCDPSession(page);
}

async function compose(keyboard: CDPSession, ...steps: string[]): Promise<void> {
  for (const text of steps) {
    await keyboard.send("Input.imeSetComposition", {
      text,
      selectionStart: text.length,
      selectionEnd: text.length,
    });
  }
}

/** Enter while something is being composed, as browsers report it. */
async function enterWhileComposing(page: Page): Promise<void> {
  await page.evaluate(() => {
    const enter = { key: "Enter", isComposing: true, bubbles: true, cancelable: true };
    document.querySelector("textarea[name=text]")?.dispatchEvent(new KeyboardEvent("keydown", enter));
  });
}

/** Enter as Safari reports it, after the composition has ended. */
async function enterAfterComposing(page: Page): Promise<void> {
  await page.evaluate(() => {
    const enter = { key: "Enter", keyCode: 229, bubbles: true, cancelable: true };
    document.querySelector("textarea[name=text]")?.dispatchEvent(new KeyboardEvent("keydown", enter));
  });
}

async function enter(keyboard: CDPSession): Promise<void> {
  await keyboard.send("Input.dispatchKeyEvent", { type: "keyDown", ...ENTER, text: "\r" });
  await keyboard.send("Input.dispatchKeyEvent", { type: "keyUp", ...ENTER });
}

/** Waits until the page has run what it deferred with a timer of 0 ms. */
async function nextTurn(page: Page): Promise<void> {
  await page.evaluate(() => new Promise((done) => setTimeout(done)));
}

test("one Enter during a composition ends the syllable and sends once", async ({ page }) => {
  const keyboard = await composer(page);
  await compose(keyboard, "ㅎ", "하", "한");
  await keyboard.send("Input.insertText", { text: "한" });
  await compose(keyboard, "ㄱ", "그", "글");
  // The keyboard's own Enter: reported as part of the composition, then the composition ends.
  const during = { key: "Process", code: "Enter", windowsVirtualKeyCode: 229 };
  await enterWhileComposing(page);
  await keyboard.send("Input.dispatchKeyEvent", { type: "rawKeyDown", ...during });
  await keyboard.send("Input.insertText", { text: "글" });
  await expect(lines(page)).toHaveText(["한글"]);
  await expect(page.locator(places.pending)).toHaveCount(0);
  await expect(page.locator(`${form("post_message")} [name=text]`)).toHaveValue("");
});

test("the second Enter that some systems report sends nothing more", async ({ page }) => {
  const keyboard = await composer(page);
  await compose(keyboard, "ㅇ", "아", "안");
  await enterWhileComposing(page);
  await keyboard.send("Input.insertText", { text: "안" });
  await enter(keyboard);
  await expect(lines(page)).toHaveText(["안"]);
  await expect(page.locator(`${form("post_message")} [name=text]`)).toHaveValue("");
  // A later message proves that no other was on its way.
  await keyboard.send("Input.insertText", { text: "끝" });
  await enter(keyboard);
  await expect(lines(page)).toHaveText(["안", "끝"]);
});

test("Safari's Enter, after the composition with key code 229, sends once", async ({ page }) => {
  const keyboard = await composer(page);
  await compose(keyboard, "ㄴ", "네");
  await keyboard.send("Input.insertText", { text: "네" });
  await enterAfterComposing(page);
  await expect(lines(page)).toHaveText(["네"]);
  await expect(page.locator(`${form("post_message")} [name=text]`)).toHaveValue("");
});

test("Shift and Enter make a new line", async ({ page }) => {
  await composer(page);
  const area = page.locator(`${form("post_message")} [name=text]`);
  await area.pressSequentially("첫 줄");
  await area.press("Shift+Enter");
  await area.pressSequentially("둘째 줄");
  await expect(area).toHaveValue("첫 줄\n둘째 줄");
  await area.press("Enter");
  await expect.poll(() => lines(page).first().evaluate((it) => it.textContent)).toBe("첫 줄\n둘째 줄");
});

const candidates = [
  { what: "a Hanja", composed: ["ㅎ", "하", "한"], picked: "韓" },
  { what: "a Hanja beside its Hangul", composed: ["ㅎ", "하", "한"], picked: "한(韓)" },
  { what: "another word in Hangul", composed: ["ㄱ", "가"], picked: "가나다" },
  { what: "a sign", composed: ["ㅁ"], picked: "※" },
  { what: "kana", composed: ["k", "か", "かん"], picked: "かん" },
  { what: "a word for kana", composed: ["k", "か", "かんじ"], picked: "漢字" },
  { what: "a word for pinyin", composed: ["n", "ni", "ni hao"], picked: "你好" },
];

for (const { what, composed, picked } of candidates) {
  test(`an Enter that picks ${what} does not send`, async ({ page }) => {
    const keyboard = await composer(page);
    const area = page.locator(`${form("post_message")} [name=text]`);
    await compose(keyboard, ...composed);
    await enterWhileComposing(page);
    await keyboard.send("Input.insertText", { text: picked });
    await nextTurn(page);
    await expect(area).toHaveValue(picked);
    await expect(page.locator(places.messages)).toHaveCount(0);
    await enter(keyboard);
    await expect(lines(page)).toHaveText([picked]);
    await expect(area).toHaveValue("");
  });
}

for (const { what, composed, picked } of candidates.filter(({ picked }) => !/^[가-힣]+$/.test(picked))) {
  test(`nor does Safari's that picks ${what}`, async ({ page }) => {
    const keyboard = await composer(page);
    const area = page.locator(`${form("post_message")} [name=text]`);
    await compose(keyboard, ...composed);
    await keyboard.send("Input.insertText", { text: picked });
    await enterAfterComposing(page);
    await nextTurn(page);
    await expect(area).toHaveValue(picked);
    await expect(page.locator(places.messages)).toHaveCount(0);
    await enter(keyboard);
    await expect(lines(page)).toHaveText([picked]);
  });
}

test("Hangul after a picked candidate ends and sends with one Enter", async ({ page }) => {
  const keyboard = await composer(page);
  await compose(keyboard, "ㅎ", "하", "한");
  await enterWhileComposing(page);
  await keyboard.send("Input.insertText", { text: "韓" });
  await nextTurn(page);
  await compose(keyboard, "ㄱ", "그", "글");
  await enterWhileComposing(page);
  await keyboard.send("Input.insertText", { text: "글" });
  await expect(lines(page)).toHaveText(["韓글"]);
});
