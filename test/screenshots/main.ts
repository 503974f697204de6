import path from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { projectRoot } from '../../platform/project-root.ts';
import { copyCheckout } from '../setup/checkout.ts';
import { findChromium } from '../setup/chromium.ts';
import { inTerminal, THEME, type TerminalRun } from './terminal.ts';

/*
 * Makes the images in docs/images from a real run: `npm start` in a real terminal, its Web UI in a real browser.
 */

const IMAGES = path.join(projectRoot(), 'docs', 'images');

async function terminalPicture(browser: Browser, run: TerminalRun, name: string): Promise<void> {
  const page = await browser.newPage({ deviceScaleFactor: 2 });
  await page.setContent(
    `<style>body { margin: 0; background: ${THEME.background} } pre { display: inline-block; padding: 16px; font: 13px/1.3 monospace }
     pre, pre * { background: ${THEME.background} !important } pre > div { color: ${THEME.foreground} !important }</style>${run.html()}`,
  );
  await page
    .locator('pre')
    .first()
    .screenshot({ path: path.join(IMAGES, `${name}.png`) });
  await page.close();
}

async function uiPicture(browser: Browser, url: string, tab: string, name: string): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 760 } });
  await page.goto(url);
  await page.getByText(tab, { exact: true }).locator('visible=true').first().click();
  const timeline = page.frameLocator('iframe[src*="ready"]');
  await timeline.getByText('held').first().waitFor();
  await page.screenshot({ path: path.join(IMAGES, `${name}.png`) });
  await page.close();
}

const checkout = await copyCheckout();
const browser = await chromium.launch({ executablePath: await findChromium(), args: ['--no-sandbox'] });
const run = inTerminal('npm start --silent', checkout.folder);
try {
  await run.shows(/compensating/);
  await terminalPicture(browser, run, 'start');
  await run.shows(/Ctrl-C/);
  await terminalPicture(browser, run, 'results');
  const url = /pretrain-\d+ +(http:\/\/\S+)/.exec(run.text())?.[1];
  if (url === undefined) throw new Error(`no address was printed:\n${run.text()}`);
  await uiPicture(browser, url, 'User Metadata', 'page');
} finally {
  run.interrupt();
  await run.ended;
  await browser.close();
  await checkout.remove();
}
