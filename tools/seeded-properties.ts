import fc from 'fast-check'

/**
 * Properties are tried with the same values in every run, so that a change is what makes one fail. Other values are
 * tried with `CHANCERY_TEST_SEED=<number> npm test`; a failure prints the seed that plays it again.
 */
fc.configureGlobal({ seed: Number(process.env.CHANCERY_TEST_SEED ?? 20_261_123) })
