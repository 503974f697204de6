import { defineSignal, defineUpdate } from '@temporalio/workflow';
import type { Creation } from '../../contracts/creation.ts';
import { MESSAGES, type ExtendUpdate, type HintSignal, type ReleaseSignal } from '../../contracts/messages.ts';

/** What a lease understands. A release comes as an update, which is answered, or as a signal, which is not. */
export const releaseSignal = defineSignal<[ReleaseSignal]>(MESSAGES.release.name);
export const releaseUpdate = defineUpdate<{ readonly outcome: 'releasing' }, [ReleaseSignal]>(MESSAGES.release.name);
export const extendUpdate = defineUpdate<Creation, [ExtendUpdate]>(MESSAGES.extend.name);
export const hintSignal = defineSignal<[HintSignal]>(MESSAGES.hint.name);
