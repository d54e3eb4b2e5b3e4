/** Builds the widget into one file of its own, `widget.js`, beside every build of the interface. */
import { build, type Plugin } from 'vite';

/** The widget's code, minified: a classic script without imports. */
export async function buildWidget(root: string): Promise<string> {
  const built = await build({
    root,
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    build: {
      write: false,
      target: 'es2022',
      lib: { entry: 'src/widget/main.ts', formats: ['iife'], name: 'heliographWidget', fileName: () => 'widget.js' },
    },
  });
  const first = Array.isArray(built) ? built[0] : built;
  if (first === undefined || !('output' in first)) throw new Error('the widget was not built');
  return first.output[0].code;
}

export function widget(): Plugin {
  let root = '';
  return {
    name: 'widget',
    configResolved(config) {
      root = config.root;
    },
    async generateBundle() {
      this.emitFile({ type: 'asset', fileName: 'widget.js', source: await buildWidget(root) });
    },
    configureServer(server) {
      server.middlewares.use('/widget.js', (_request, response, next) => {
        buildWidget(root).then((code) => {
          response.setHeader('content-type', 'text/javascript');
          response.end(code);
        }, next);
      });
    },
  };
}
