// A page of the past, reached by a link to a place in it, and left at either end by links.
import { expect, test } from "./support/test";
import { createRoom, fillRoom, lines, newcomer, numbered, open, signUp } from "./support/verbs";
import { places, words } from "./support/words";

test("a link to a place opens the history there", async ({ page, browser }) => {
  await signUp(page, newcomer("민지"));
  const room = await createRoom(page, "긴 방");
  const texts = numbered(120);
  await fillRoom(page, room, texts);

  const reader = await browser.newPage({ javaScriptEnabled: false });
  await reader.context().addCookies(await page.context().cookies());
  await reader.goto(`/room/${room}`);
  await reader.getByRole("link", { name: words.older }).click();
  const id = await reader.locator(places.messages).filter({ hasText: /^.*50번째/ }).getAttribute("id");
  const seq = id!.replace("at-", "");

  await reader.goto(`/room/${room}?at=${seq}#${id}`);
  const target = reader.locator(`#${id}`);
  await expect(target).toBeInViewport();
  await expect(target).toContainText("50번째");
  const read = await lines(reader).allTextContents();
  expect(read).toHaveLength(50);
  for (;;) {
    const newer = reader.getByRole("link", { name: words.newer });
    if ((await newer.count()) === 0) break;
    await newer.click();
    await reader.waitForURL(/after=/);
    read.push(...(await lines(reader).allTextContents()));
  }
  expect(read).toEqual(texts.slice(texts.indexOf(read[0]!)));

  await reader.goto(`/room/${room}?at=${seq}`);
  await reader.getByRole("link", { name: words.newest }).click();
  await expect(lines(reader).last()).toHaveText("120번째");
  await expect(reader).toHaveURL(new RegExp(`/room/${room}$`));
  await expect(reader.getByRole("link", { name: words.newest })).toHaveCount(0);
});

test("from a page of the past one writes at the end", async ({ page }) => {
  await signUp(page, newcomer("민지"));
  const room = await createRoom(page, "긴 방");
  await fillRoom(page, room, numbered(160));
  await open(page, `/room/${room}?at=10`);
  await expect(lines(page).filter({ hasText: "160번째" })).toHaveCount(0);
  const composer = page.getByRole("textbox", { name: words.message });
  await composer.fill("지금 쓰는 말");
  await page.getByRole("button", { name: words.send }).click();
  await expect(lines(page).last()).toHaveText("지금 쓰는 말");
  await expect(lines(page).nth(-2)).toHaveText("160번째");
  await expect(page).toHaveURL(new RegExp(`/room/${room}$`));
  await expect(composer).toHaveValue("");
});
