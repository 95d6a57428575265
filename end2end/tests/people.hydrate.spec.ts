import { resolve } from "node:path";
import { expect, test } from "./support/test";
import { connected, createRoom, newcomer, open, signUp, submit } from "./support/verbs";
import { form, places, words } from "./support/words";

const PICTURE = resolve(__dirname, "../../public/icon-180.png");

test("a new name is shown in all the user's tabs", async ({ page }) => {
  await signUp(page, newcomer("민지"));
  await connected(page);
  const other = await page.context().newPage();
  await open(other, "/profiles");
  await other.getByRole("link", { name: words.editProfile("민지") }).click();
  await submit(other, "rename_profile", { name: "김민지" });
  await expect(page.locator(places.settings)).toContainText("김민지");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(words.welcome("김민지"));
});

test("the square of a picture is chosen by dragging, by keys and by zooming", async ({ page }) => {
  await signUp(page, newcomer("민지"));
  await open(page, "/profiles");
  await page.getByRole("link", { name: words.editProfile("민지") }).click();
  await page.locator('a[href$="/picture"]').click();
  const it = page.locator(form("set_avatar"));
  const crop = it.locator("[name=crop]");
  await expect(it.locator("canvas")).toBeHidden();
  await it.locator("[name=picture]").setInputFiles(PICTURE);
  await expect(crop).toHaveValue("0,0,180");
  await it.getByRole("slider").fill("2");
  await expect(crop).toHaveValue("45,45,90");
  await it.locator("canvas").focus();
  for (let n = 0; n < 40; n++) await page.keyboard.press("ArrowLeft");
  await expect(crop, "no further than the edge").toHaveValue("0,45,90");
  const box = (await it.locator("canvas").boundingBox())!;
  await page.mouse.move(box.x + 100, box.y + 100);
  await page.mouse.down();
  await page.mouse.move(box.x + 100, box.y - 300, { steps: 8 });
  await page.mouse.up();
  await expect(crop).toHaveValue("0,90,90");
  await submit(page, "set_avatar");
  await expect(page.locator(".card .avatar img")).toBeVisible();
});

test("rooms are found as one types", async ({ page }) => {
  await signUp(page, newcomer("민지"));
  for (const title of ["공부방", "등산 모임", "우리 가족", "독서회", "회의실", "요리", "영화", "Chess"]) {
    await createRoom(page, title);
  }
  await open(page, "/");
  await expect(page.locator(places.rooms)).toHaveCount(8);
  const field = page.getByRole("searchbox", { name: words.findRoom });
  await field.pressSequentially("ㄱㅂ");
  await expect(page.locator(places.rooms)).toHaveCount(1);
  await expect(page.locator(places.rooms)).toContainText("공부방");
  await field.fill("");
  await expect(page.locator(places.rooms)).toHaveCount(8);
});
