import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { dedicateDataFolder, isReal, WrongDataFolderError } from '../../local/real-providers.ts';
import { resetDataFolder } from '../../local/reset.ts';
import { scratchFolder } from './scratch.ts';

it('does not start simulators on the ledger of real clusters', () => {
  const folder = scratchFolder();
  dedicateDataFolder(folder, ['sagemaker']);
  mkdirSync(path.join(folder, 'postgres'));
  expect(() => {
    dedicateDataFolder(folder, []);
  }).toThrow(WrongDataFolderError);
  dedicateDataFolder(folder, ['sagemaker']);
  expect(isReal(folder)).toBe(true);
});

it('does not start real providers on the ledger of simulated clusters', () => {
  const folder = scratchFolder();
  dedicateDataFolder(folder, []);
  mkdirSync(path.join(folder, 'postgres'));
  expect(() => {
    dedicateDataFolder(folder, ['sagemaker']);
  }).toThrow(/made for simulated providers/);
  expect(isReal(folder)).toBe(false);
});

it('does not reset the ledger of real clusters', async () => {
  const folder = scratchFolder();
  dedicateDataFolder(folder, ['sagemaker']);
  mkdirSync(path.join(folder, 'postgres'));
  await expect(resetDataFolder(folder)).rejects.toBeInstanceOf(WrongDataFolderError);
  expect(existsSync(path.join(folder, 'postgres'))).toBe(true);
});
