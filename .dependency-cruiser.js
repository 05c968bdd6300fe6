/**
 * Imports point down: cli → app → modules → core, web → text → protocol.
 * Into another folder of core or modules only through its door, `index.ts` or `types.ts`.
 */

const floors = ['protocol', 'text', 'core', 'modules', 'app', 'cli']
const tests = '\\.test\\.tsx?$'
/** Every folder's index.ts and types.ts; what all throw; what every module is made of. */
const coreDoors = '^src/core/([^/]+/(index|types|tables)\\.tsx?$|http/refusal\\.ts$|module/[^/]+\\.tsx?$)'
const moduleDoors = '^src/modules/[^/]+/(index|types|tables)\\.tsx?$'
const doors = { core: coreDoors, modules: moduleDoors }

function mayNotImport(floor, forbidden) {
  return {
    name: `${floor}-looks-down`,
    comment: `src/${floor} may not import ${forbidden.join(', ')}: imports point down.`,
    severity: 'error',
    from: { path: `^src/${floor}/`, pathNot: tests },
    to: { path: `^src/(${forbidden.join('|')})/` },
  }
}

function byTheDoor(floor) {
  return {
    name: `${floor}-by-the-door`,
    comment: `Into another folder of src/${floor} only by its index.ts or types.ts.`,
    severity: 'error',
    from: { path: `^src/${floor}/([^/]+)/`, pathNot: tests },
    to: { path: `^src/${floor}/[^/]+/.+`, pathNot: [`^src/${floor}/$1/`, doors[floor]] },
  }
}

function fromAbove(floor) {
  return {
    name: `${floor}-from-above-by-the-door`,
    comment: `From above into a folder of src/${floor} only by its index.ts or types.ts.`,
    severity: 'error',
    from: { path: `^src/(${floors.slice(floors.indexOf(floor) + 1).join('|')})/`, pathNot: tests },
    to: { path: `^src/${floor}/[^/]+/.+`, pathNot: doors[floor] },
  }
}

const onlyTypes = { dependencyTypesNot: ['type-only'] }

export default {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'No circle of imports; types alone may look around.',
      severity: 'error',
      from: { path: '^src/' },
      to: { circular: true, viaOnly: onlyTypes },
    },
    {
      name: 'resolvable',
      comment: 'Every import leads to a file or an installed package.',
      severity: 'error',
      from: { path: '^src/' },
      // Types of nodemailer's insides come from @types, where no file of that name can be run; pdfkit has an entry for
      // Node alone, which Node finds and the cruiser does not.
      to: { couldNotResolve: true, pathNot: '^(nodemailer/lib/|pdfkit$)' },
    },
    {
      name: 'declared-packages',
      comment: 'Only packages that package.json names as dependencies.',
      severity: 'error',
      from: { path: '^src/', pathNot: tests },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], pathNot: '^node_modules/@types/' },
    },
    {
      name: 'sources-stand-alone',
      comment: 'Nothing under src imports test, tools or bench; tests may.',
      severity: 'error',
      from: { path: '^src/', pathNot: tests },
      to: { path: '^(test|tools|bench)/|\\.test\\.tsx?$' },
    },
    mayNotImport('protocol', ['text', 'core', 'web', 'modules', 'app', 'cli']),
    mayNotImport('text', ['core', 'web', 'modules', 'app', 'cli']),
    mayNotImport('web', ['core', 'modules', 'app', 'cli']),
    mayNotImport('core', ['web', 'modules', 'app', 'cli']),
    mayNotImport('modules', ['app', 'cli']),
    mayNotImport('app', ['cli']),
    {
      name: 'protocol-is-pure',
      comment: 'src/protocol and src/text read no files, network, processes or databases.',
      severity: 'error',
      from: { path: '^src/protocol/', pathNot: tests },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?(crypto|buffer|zlib)$' },
    },
    byTheDoor('core'),
    byTheDoor('modules'),
    fromAbove('core'),
    fromAbove('modules'),
    {
      name: 'web-by-the-door',
      comment: 'src/web only by its index.ts or types.ts.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/web/', tests] },
      to: { path: '^src/web/', pathNot: '^src/web/(index|types)\\.tsx?$' },
    },
    {
      name: 'text-by-the-door',
      comment: 'src/text only by its index.ts or types.ts.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/text/', tests] },
      to: { path: '^src/text/', pathNot: ['^src/text/(index|types)\\.tsx?$', '\\.json$'] },
    },
    {
      name: 'protocol-by-the-door',
      comment: 'src/protocol only by index.ts or types.ts, dossier and evidence by their own index.ts.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/protocol/', tests] },
      to: { path: '^src/protocol/', pathNot: '^src/protocol/((dossier|evidence)/)?(index|types)\\.tsx?$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.js', '.json'],
      conditionNames: ['import', 'node', 'browser', 'default'],
      mainFields: ['module', 'main'],
    },
    moduleSystems: ['es6', 'cjs'],
  },
}
