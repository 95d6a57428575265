import { expect, test } from "./support/test";
import { newcomer, open, signUp } from "./support/verbs";
import { form, places } from "./support/words";

test("the language follows the browser, then the reader's choice, on every page", async ({
  page,
  browser,
}) => {
  const english = await browser.newPage({ locale: "en-GB" });
  await open(english, "/sign-in");
  await expect(english.locator("html")).toHaveAttribute("lang", "en");
  await expect(english.getByRole("button", { name: "Sign in" })).toBeVisible();

  await open(page, "/sign-up");
  await expect(page.locator("html")).toHaveAttribute("lang", "ko");
  await page.getByRole("button", { name: "English" }).click();
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
  await expect(page).toHaveURL(/\/sign-up$/);
  await expect(page.getByRole("button", { name: "Sign up" })).toBeVisible();
});

test("the theme is the reader's choice and stays", async ({ page }) => {
  await signUp(page, newcomer("민지"));
  await expect(page.locator("html")).toHaveAttribute("data-theme", "system");
  await page.locator(places.settings).click();
  await page.locator(`${form("set_theme")} [value=dark]`).click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await page.reload();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
});
