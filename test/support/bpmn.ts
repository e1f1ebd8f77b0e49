/** Builds small processes as BPMN text, for tests that need no picture. */

export interface ServiceTask {
  readonly id: string;
  readonly jobType: string;
  readonly retries?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Input mappings: target to source, where the source is an expression (`=...`) or text. */
  readonly inputs?: Readonly<Record<string, string>>;
  /** Adds a boundary event that catches this error code and ends the process at `<id>-caught`. */
  readonly catches?: string;
}

/** A process that runs the tasks one after the other, from `start` to `end`. */
export function sequence(processId: string, ...tasks: ServiceTask[]): string {
  const ids = ['start', ...tasks.map(({ id }) => id), 'end'];
  const flows = ids.slice(1).map((id, index) => {
    const from = ids[index] ?? '';
    return `<bpmn:sequenceFlow id="flow-${index}" sourceRef="${from}" targetRef="${id}"/>`;
  });
  const errors = tasks.flatMap(({ id, catches }) =>
    catches === undefined ? [] : [`<bpmn:error id="error-${id}" errorCode="${escape(catches)}"/>`],
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="definitions" targetNamespace="test">
<bpmn:process id="${processId}" isExecutable="true">
<bpmn:startEvent id="start"/>
${tasks.map(serviceTask).join('\n')}
<bpmn:endEvent id="end"/>
${flows.join('\n')}
</bpmn:process>
${errors.join('\n')}
</bpmn:definitions>`;
}

function serviceTask({ id, jobType, retries, headers = {}, inputs = {}, catches }: ServiceTask): string {
  const mappings = Object.entries(inputs).map(
    ([target, source]) => `<zeebe:input source="${escape(source)}" target="${escape(target)}"/>`,
  );
  const headerElements = Object.entries(headers).map(
    ([key, value]) => `<zeebe:header key="${escape(key)}" value="${escape(value)}"/>`,
  );
  const boundary =
    catches === undefined
      ? ''
      : `<bpmn:boundaryEvent id="${id}-catch" attachedToRef="${id}"><bpmn:outgoing>flow-${id}-caught</bpmn:outgoing><bpmn:errorEventDefinition errorRef="error-${id}"/></bpmn:boundaryEvent>
<bpmn:endEvent id="${id}-caught"/><bpmn:sequenceFlow id="flow-${id}-caught" sourceRef="${id}-catch" targetRef="${id}-caught"/>`;
  return `<bpmn:serviceTask id="${id}"><bpmn:extensionElements>
<zeebe:taskDefinition type="${escape(jobType)}" retries="${retries ?? 3}"/>
<zeebe:ioMapping>${mappings.join('')}</zeebe:ioMapping>
<zeebe:taskHeaders>${headerElements.join('')}</zeebe:taskHeaders>
</bpmn:extensionElements></bpmn:serviceTask>
${boundary}`;
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '&#10;');
}
