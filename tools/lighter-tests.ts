/**
 * Node's test runner follows every promise to the test that made it, only to say of a stray error whose it was.
 * That takes an eighth of the time of tests that wait for nodes; without it a stray error still fails its file.
 */
const hooks = process.getBuiltinModule('node:async_hooks')
const { createHook } = hooks
const nothing = { enable: () => nothing, disable: () => nothing }
// The runner takes the function as it is when it is loaded.
hooks.createHook = () => nothing
process.getBuiltinModule('node:test')
hooks.createHook = createHook
