import { defineConfig } from 'vitest/config';

/** Browser tests against a running product; READY_JSON names the file that says where it is. */
export default defineConfig({
  test: {
    environment: 'node',
    include: ['e2e/**/*.e2e.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    fileParallelism: false,
    bail: 1, // one journey: what follows a failed step would fail because of it
  },
});
