import { randomUUID } from "node:crypto";
import { expect, test } from "./support/test";
import {
  createRoom,
  enterRoom,
  fillRoom,
  lines,
  newcomer,
  numbered,
  open,
  say,
  signUp,
  submit,
} from "./support/verbs";
import { form, places, words } from "./support/words";

test("two people talk, one of them without scripts, through a restart", async ({
  page,
  browser,
  server,
}) => {
  await signUp(page, newcomer("민지"));
  const room = await createRoom(page, "공부방");
  const junho = await browser.newPage({ javaScriptEnabled: false });
  await signUp(junho, newcomer("준호"));
  await enterRoom(junho, room);

  await say(page, "들리나요?");
  await say(junho, "네, 잘 들려요");
  await server.restart();
  await say(junho, "방금 서버가 다녀왔어요");
  await say(page, "저도 봤어요");

  const said = ["들리나요?", "네, 잘 들려요", "방금 서버가 다녀왔어요", "저도 봤어요"];
  await expect(lines(page)).toHaveText(said);
  await open(junho, `/room/${room}`);
  await expect(lines(junho)).toHaveText(said);
  await page.reload();
  await expect(lines(page)).toHaveText(said);
});

test("text is shown as typed, and nothing in it runs", async ({ page }) => {
  await signUp(page, newcomer("민지"));
  const room = await createRoom(page, "공부방");
  const texts = [
    "<script>document.title = 'gotcha'</script>",
    "<img src=x onerror=alert(1)> & &amp; </li>",
    "첫 줄\n  둘째 줄",
    "مرحبا بالعالم",
    "가".repeat(4000),
    "javascript:alert(1)",
  ];
  await fillRoom(page, room, texts);
  await open(page, `/room/${room}`);
  const shown = lines(page);
  for (const [index, text] of texts.entries()) {
    expect(await shown.nth(index).evaluate((line) => line.textContent)).toBe(text);
  }
  await expect(page).not.toHaveTitle("gotcha");
  await expect(page.getByRole("log").getByRole("link")).toHaveCount(0);
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
  );
  expect(overflow, "a word of 4,000 letters wraps").toBe(false);
});

test("links lead out and nowhere else", async ({ page }) => {
  await signUp(page, newcomer("민지"));
  const room = await createRoom(page, "공부방");
  await fillRoom(page, room, ["https://ko.wikipedia.org/wiki/사랑방 그리고 https://example.com에서"]);
  await open(page, `/room/${room}`);
  const links = page.getByRole("log").getByRole("link");
  await expect(links).toHaveText(["https://ko.wikipedia.org/wiki/사랑방", "https://example.com"]);
  await expect(links.first()).toHaveAttribute("rel", /noopener/);
});

test("older lines are there for the asking, each once", async ({ page, browser }) => {
  await signUp(page, newcomer("민지"));
  const room = await createRoom(page, "긴 방");
  const texts = numbered(120);
  await fillRoom(page, room, texts);
  const reader = await browser.newPage({ javaScriptEnabled: false });
  await reader.context().addCookies(await page.context().cookies());
  await reader.goto(`/room/${room}`);
  const read: string[] = [];
  for (;;) {
    read.unshift(...(await lines(reader).allTextContents()));
    const older = reader.getByRole("link", { name: words.older });
    if ((await older.count()) === 0) break;
    await older.click();
    await reader.waitForURL(/before=/);
  }
  expect(read).toEqual(texts);
});

test("a form sent twice is one message", async ({ page }) => {
  await signUp(page, newcomer("민지"));
  const room = await createRoom(page, "공부방");
  const sent = { room, client_id: randomUUID(), text: "한 번만" };
  for (let times = 0; times < 2; times++) {
    const answer = await page.request.post(`/room/${room}?/post_message`, { form: sent });
    expect(answer.url()).toContain(`/room/${room}`);
    expect(answer.status()).toBe(200);
  }
  await open(page, `/room/${room}`);
  await expect(lines(page)).toHaveText(["한 번만"]);
});

test("a message that is too long says so and stays", async ({ page, complaints }) => {
  complaints.expectStatus(422);
  await signUp(page, newcomer("민지"));
  await createRoom(page, "공부방");
  const text = "길".repeat(4001);
  await submit(page, "post_message", { text });
  await expect(page.getByText(words.tooLong)).toBeVisible();
  await expect(page.locator(`${form("post_message")} [name=text]`)).toHaveValue(text);
  await expect(page.locator(places.messages)).toHaveCount(0);
});
