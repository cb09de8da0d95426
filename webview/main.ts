import { connectHost } from './host.ts';
import { Panel } from './panel.ts';
import { registerKit } from './ui/kit.ts';

registerKit();
const root = document.getElementById('panel');
if (root === null) throw new Error('The page has no element "panel".');
new Panel(connectHost(), root).start();
