import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { copyCheckout, type Checkout } from '../setup/checkout.ts';
import { npmStart, type NpmStart } from '../setup/npm-start.ts';

let checkout: Checkout;
let start: NpmStart;
let browser: Browser;
beforeAll(async () => {
  checkout = await copyCheckout();
  start = npmStart(checkout.folder);
  await start.until(/Ctrl-C/);
  // Chromium's sandbox does not work as root, and containers run tests as root.
  browser = await chromium.launch({ executablePath: inject('chromiumPath'), args: ['--no-sandbox'] });
}, 180_000);
afterAll(async () => {
  await browser.close();
  start.child.kill('SIGTERM');
  await start.ended;
  await checkout.remove();
});

/** Opens the page at the address that was printed for a request. */
async function pageOf(requestId: string): Promise<Page> {
  const printed = new RegExp(`${requestId} +(http://\\S+)`).exec(start.output())?.[1];
  if (printed === undefined) throw new Error(`no address of ${requestId} was printed:\n${start.output()}`);
  const page = await browser.newPage();
  await page.goto(printed);
  return page;
}

/** The Web UI has some elements twice, for narrow and wide screens. Only one of them is visible. */
const openTab = (page: Page, name: string): Promise<void> =>
  page.getByText(name, { exact: true }).locator('visible=true').first().click();

describe('the page behind a printed address', () => {
  it.each([
    ['fine-tune-1', 'ready', /^completed$/i],
    ['batch-eval-1', 'failed', /^failed$/i],
  ])('of %s shows that it is %s', async (requestId, phase, run) => {
    const page = await pageOf(requestId);
    await page.getByText(run).locator('visible=true').first().waitFor();
    await openTab(page, 'Search Attributes');
    const attributes = page.locator('.cm-content', { hasText: 'MusterPhase' }).locator('visible=true').first();
    expect(JSON.parse(await attributes.innerText())).toMatchObject({ MusterPhase: phase, MusterTeam: 'research' });
    await page.close();
  });

  it('shows its timeline with prices in USD', async () => {
    const page = await pageOf('fine-tune-1');
    await openTab(page, 'User Metadata');
    const timeline = page.frameLocator('iframe[src*="ready"]');
    await timeline.getByText('235.97 USD/h').waitFor();
    expect(await timeline.locator('body').innerText()).toMatch(/943\.87 USD held[^]*is ready[^]*leased/);
    await page.close();
  });
});
