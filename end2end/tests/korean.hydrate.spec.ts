// Real composition, by the DevTools protocol: what a Korean keyboard does to a text area.
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

test("one Enter during a composition ends the syllable and sends once", async ({ page }) => {
  const keyboard = await composer(page);
  await compose(keyboard, "ㅎ", "하", "한");
  await keyboard.send("Input.insertText", { text: "한" });
  await compose(keyboard, "ㄱ", "그", "글");
  // The keyboard's own Enter: reported as part of the composition, then the composition ends.
  const during = { key: "Process", code: "Enter", windowsVirtualKeyCode: 229 };
  await page.evaluate(() => {
    const area = document.querySelector("textarea[name=text]");
    area?.dispatchEvent(
      new KeyboardEvent("keydown", { key: "Enter", isComposing: true, bubbles: true, cancelable: true }),
    );
  });
  await keyboard.send("Input.dispatchKeyEvent", { type: "rawKeyDown", ...during });
  await keyboard.send("Input.insertText", { text: "글" });
  await expect(lines(page)).toHaveText(["한글"]);
  await expect(page.locator(places.pending)).toHaveCount(0);
  await expect(page.locator(`${form("post_message")} [name=text]`)).toHaveValue("");
});

test("the second Enter that some systems report sends nothing more", async ({ page }) => {
  const keyboard = await composer(page);
  await compose(keyboard, "ㅇ", "아", "안");
  await page.evaluate(() => {
    const area = document.querySelector("textarea[name=text]");
    area?.dispatchEvent(
      new KeyboardEvent("keydown", { key: "Enter", isComposing: true, bubbles: true, cancelable: true }),
    );
  });
  await keyboard.send("Input.insertText", { text: "안" });
  await keyboard.send("Input.dispatchKeyEvent", { type: "keyDown", ...ENTER, text: "\r" });
  await keyboard.send("Input.dispatchKeyEvent", { type: "keyUp", ...ENTER });
  await expect(lines(page)).toHaveText(["안"]);
  await expect(page.locator(`${form("post_message")} [name=text]`)).toHaveValue("");
  // A later message proves that nothing else was on its way.
  await keyboard.send("Input.insertText", { text: "끝" });
  await keyboard.send("Input.dispatchKeyEvent", { type: "keyDown", ...ENTER, text: "\r" });
  await expect(lines(page)).toHaveText(["안", "끝"]);
});

test("Safari's Enter, after the composition with key code 229, sends once", async ({ page }) => {
  const keyboard = await composer(page);
  await compose(keyboard, "ㄴ", "네");
  await keyboard.send("Input.insertText", { text: "네" });
  await page.evaluate(() => {
    const area = document.querySelector("textarea[name=text]");
    const enter = { key: "Enter", keyCode: 229, bubbles: true, cancelable: true };
    area?.dispatchEvent(new KeyboardEvent("keydown", enter));
  });
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
