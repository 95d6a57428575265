// What is typed and not submitted comes back, for the user who typed it.
import { expect, test } from "./support/test";
import {
  alone,
  composer,
  connected,
  createRoom,
  enterRoom,
  lines,
  newcomer,
  open,
  signIn,
  signUp,
} from "./support/verbs";

test("a draft survives other pages, a reload and a closed page, until it is submitted", async ({ page }) => {
  await signUp(page, newcomer("민지"));
  const other = await createRoom(page, "부엌");
  const room = await createRoom(page, "공부방");
  await connected(page);
  await composer(page).fill("쓰다 만 말");
  for (const path of [`/room/${room}/settings`, "/account", "/profiles"]) {
    await open(page, path);
    await open(page, `/room/${room}`);
    await expect(composer(page), path).toHaveValue("쓰다 만 말");
  }
  await open(page, `/room/${other}`);
  await connected(page);
  await expect(composer(page), "each room has its own").toHaveValue("");
  await page.goto(`/room/${room}`);
  await page.reload();
  await expect(composer(page)).toHaveValue("쓰다 만 말");
  const context = page.context();
  await page.close();

  const again = await context.newPage();
  await open(again, `/room/${room}`);
  await expect(composer(again)).toHaveValue("쓰다 만 말");
  await connected(again);
  await composer(again).press("Enter");
  await expect(lines(again)).toHaveText(["쓰다 만 말"]);
  await again.reload();
  await connected(again);
  await expect(composer(again)).toHaveValue("");
});

test("a draft comes back after an expired session, and another user does not see it", async ({ page }) => {
  const minji = newcomer("민지");
  const room = await alone(page, minji);
  await composer(page).fill("비밀 이야기");
  await page.context().clearCookies({ name: /session/ });
  await open(page, "/sign-up");
  await signUp(page, newcomer("준호"));
  await enterRoom(page, room);
  await connected(page);
  await expect(composer(page)).toHaveValue("");
  await page.context().clearCookies({ name: /session/ });
  await signIn(page, minji);
  await open(page, `/room/${room}`);
  await expect(composer(page)).toHaveValue("비밀 이야기");
});
