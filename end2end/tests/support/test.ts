import { test as base, expect } from "@playwright/test";
import { Complaints } from "./complaints";
import { ChatServer } from "./server";

type Fixtures = {
  /** Running when the test begins. The tests of a worker share its data, so users need new names. */
  server: ChatServer;
  /** An error or warning on any page of any context fails the test, unless the test expected it. */
  complaints: Complaints;
};

type WorkerFixtures = { instance: ChatServer };

export const test = base.extend<Fixtures, WorkerFixtures>({
  instance: [
    async ({}, use) => {
      const instance = await ChatServer.launch();
      await use(instance);
      await instance.dispose();
    },
    { scope: "worker", timeout: 60_000 },
  ],

  server: async ({ instance }, use, testInfo) => {
    await instance.start();
    instance.wasAway = false;
    await use(instance);
    if (testInfo.status !== testInfo.expectedStatus) {
      const attachment = { body: instance.output, contentType: "text/plain" };
      await testInfo.attach("server output", attachment);
    }
    instance.output = "";
  },

  baseURL: async ({ server }, use) => use(server.url),

  complaints: [
    async ({ browser, server }, use) => {
      const complaints = new Complaints();
      // A browser lives as long as its worker, and has no event for new contexts.
      const open = browser.newContext;
      browser.newContext = async (options) => {
        const context = await open.call(browser, options);
        complaints.listenTo(context);
        return context;
      };
      await use(complaints);
      browser.newContext = open;
      // Contexts that the test opened itself would otherwise stay connected through the next tests.
      for (const context of browser.contexts()) await context.close();
      if (server.wasAway) complaints.expectNetworkErrors();
      expect(complaints.unexpected(), "complaints of the browser").toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };
