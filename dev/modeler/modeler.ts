/**
 * The real Modeler (camunda-bpmn-js) in headless Chromium: for pictures of the panel and for tests of the templates.
 * Chromium is looked for as CHROMIUM, then in the usual places.
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import type { ElementTemplate } from '../../src/templates/template';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** @returns undefined when there is none */
export function findChromium(env: Readonly<Record<string, string | undefined>>): string | undefined {
  return [env['CHROMIUM'], ...places].find((path) => path !== undefined && existsSync(path));
}

export interface PanelGroup {
  readonly label: string;
  readonly open: boolean;
  readonly fields: readonly string[];
  /** Red: something must be filled in. */
  readonly hasError: boolean;
}

export interface Modeler {
  readonly page: Page;
  /** A new diagram with one task in it, to which a preset of a template is applied; then inputs are typed, by target. */
  applyPreset(templateId: string, presetId: string, inputs: Readonly<Record<string, string>>): Promise<void>;
  /** Chooses an entry of a list in the panel, both by what a person reads. */
  choose(field: string, entry: string): Promise<void>;
  /** What the properties panel shows of the template; open groups only show their fields. */
  panel(): Promise<readonly PanelGroup[]>;
  exportXml(): Promise<string>;
  importXml(xml: string): Promise<void>;
  close(): Promise<void>;
}

const emptyProcess = `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:modeler="http://camunda.org/schema/modeler/1.0" id="Definitions_1" targetNamespace="http://bpmn.io/schema/bpmn" modeler:executionPlatform="Camunda Cloud" modeler:executionPlatformVersion="8.6.0">
  <bpmn:process id="drawn" isExecutable="true">
    <bpmn:startEvent id="start"><bpmn:outgoing>f1</bpmn:outgoing></bpmn:startEvent>
    <bpmn:task id="task" name="Ask"><bpmn:incoming>f1</bpmn:incoming><bpmn:outgoing>f2</bpmn:outgoing></bpmn:task>
    <bpmn:endEvent id="end"><bpmn:incoming>f2</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="task" />
    <bpmn:sequenceFlow id="f2" sourceRef="task" targetRef="end" />
  </bpmn:process>
  <bpmndi:BPMNDiagram id="d"><bpmndi:BPMNPlane id="p" bpmnElement="drawn">
    <bpmndi:BPMNShape id="start_di" bpmnElement="start"><dc:Bounds x="160" y="182" width="36" height="36" /></bpmndi:BPMNShape>
    <bpmndi:BPMNShape id="task_di" bpmnElement="task"><dc:Bounds x="260" y="160" width="100" height="80" /></bpmndi:BPMNShape>
    <bpmndi:BPMNShape id="end_di" bpmnElement="end"><dc:Bounds x="430" y="182" width="36" height="36" /></bpmndi:BPMNShape>
    <bpmndi:BPMNEdge id="f1_di" bpmnElement="f1"><di:waypoint x="196" y="200" /><di:waypoint x="260" y="200" /></bpmndi:BPMNEdge>
    <bpmndi:BPMNEdge id="f2_di" bpmnElement="f2"><di:waypoint x="360" y="200" /><di:waypoint x="430" y="200" /></bpmndi:BPMNEdge>
  </bpmndi:BPMNPlane></bpmndi:BPMNDiagram>
</bpmn:definitions>`;

const shell = `<!doctype html><meta charset="utf-8"><style>
  html, body { margin: 0; height: 100%; font-family: sans-serif; }
  #canvas { position: absolute; inset: 0 400px 0 0; }
  #panel { position: absolute; top: 0; right: 0; bottom: 0; width: 400px; border-left: 1px solid #ccc; overflow: auto; }
  .djs-palette, .djs-context-pad, .djs-context-pad-parent { display: none !important; }
</style><div id="canvas"></div><div id="panel"></div>`;

/** Runs in the page: what the code below calls by name. */
const pageScript = `
  window.modeler = new (window.BpmnModeler)({
    container: '#canvas',
    propertiesPanel: { parent: '#panel' },
    exporter: { name: 'test', version: '1' },
  });
  window.open_ = async (templates, xml) => {
    await modeler.importXML(xml);
    modeler.get('elementTemplatesLoader').setTemplates(templates);
  };
  window.apply_ = (templateId, presetId, inputs) => {
    const templates = modeler.get('elementTemplates');
    const template = templates.getLatest(templateId)[0];
    if (!template) throw new Error('No template ' + templateId);
    templates.applyTemplate(modeler.get('elementRegistry').get('task'), template, { presetId });
    const element = modeler.get('elementRegistry').get('task');
    const mappings = element.businessObject.extensionElements.values
      .flatMap((extension) => extension.inputParameters ?? []);
    for (const [target, source] of Object.entries(inputs)) {
      const mapping = mappings.find((one) => one.target === target);
      if (!mapping) throw new Error('The preset ' + presetId + ' writes no input ' + target);
      modeler.get('modeling').updateModdleProperties(element, mapping, { source });
    }
    modeler.get('selection').select(element);
  };
  window.panel_ = () => [...document.querySelectorAll('.bio-properties-panel-group')].map((group) => ({
    label: group.querySelector('.bio-properties-panel-group-header-title')?.textContent ?? '',
    open: Boolean(group.querySelector('.bio-properties-panel-group-entries.open')),
    hasError: Boolean(group.querySelector('.bio-properties-panel-dot--error, .has-error')),
    fields: [...group.querySelectorAll('.bio-properties-panel-entry')]
      .map((entry) => entry.querySelector('.bio-properties-panel-label')?.textContent?.trim() ?? '')
      .filter((label) => label !== ''),
  }));
`;

/** Opens the Modeler with the given templates. */
export async function openModeler(
  executablePath: string,
  templates: readonly ElementTemplate[],
): Promise<Modeler> {
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  const page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
  const dist = join(dirname(require.resolve('camunda-bpmn-js/package.json')), 'dist');
  await page.setContent(shell);
  const sheets = ['diagram-js', 'bpmn-js', 'properties-panel', 'element-templates', 'camunda-cloud-modeler'];
  for (const sheet of sheets) await page.addStyleTag({ path: join(dist, 'assets', `${sheet}.css`) });
  await page.addScriptTag({ path: join(dist, 'camunda-cloud-modeler.production.min.js') });
  await page.evaluate(pageScript);
  const call = <T>(name: string, ...args: readonly unknown[]): Promise<T> =>
    page.evaluate(`window[${JSON.stringify(name)}](...${JSON.stringify(args)})`);
  const importXml = (xml: string): Promise<void> => call('open_', templates, xml);
  return {
    page,
    importXml,
    async applyPreset(templateId, presetId, inputs) {
      await importXml(emptyProcess);
      // The panel follows the selection with a delay; until it shows the new process, it would miss the task.
      await page.waitForFunction(
        "panel_().length > 0 && panel_().every(({ label }) => label !== 'Connection')",
      );
      await call('apply_', templateId, presetId, inputs);
      await page.waitForFunction("panel_().some(({ label }) => label === 'Connection')");
    },
    async choose(field, entry) {
      const label = page.locator('label', { hasText: new RegExp(`^\\s*${field}\\s*$`) });
      const list = page.locator('.bio-properties-panel-entry', { has: label }).locator('select').first();
      await list.selectOption({ label: entry });
    },
    panel: () => call('panel_'),
    exportXml: () => page.evaluate('modeler.saveXML({ format: true }).then(({ xml }) => xml)'),
    close: () => browser.close(),
  };
}
