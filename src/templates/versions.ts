/**
 * Versions of the element templates. Raise one with every change of its template that a modeler can notice; the file of
 * the version before stays in element-templates/versioned.
 */
import type { ProviderId } from '../fields/fields';

export const templateVersions: Readonly<Record<ProviderId, number>> = { openai: 2, 'azure-openai': 2 };
