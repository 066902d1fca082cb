/**
 * What the emulated AWS gets instead of the synthesized template. Two things differ, and only these: resources that it
 * refuses are left out, and where a layer would be mounted at /opt, which it does not do, the layer's file is named by an
 * environment variable.
 */

export interface Resource {
  Type: string;
  Properties?: Record<string, unknown>;
  DependsOn?: string | string[];
}

export interface Template {
  Resources: Record<string, Resource>;
  Outputs?: Record<string, unknown>;
}

/** Resources that the emulated AWS refuses a whole template for. */
const REFUSED: readonly ((resource: Resource) => boolean)[] = [
  ({ Type }) => Type === 'AWS::WAFv2::WebACLAssociation',
  // An alarm over an expression of metrics.
  ({ Type, Properties }) => Type === 'AWS::CloudWatch::Alarm' && Properties?.Metrics !== undefined,
];

/** @param layerFiles environment variables of the functions that have a layer */
export function forEmulator(template: Template, layerFiles: Record<string, string>): Template {
  const kept = Object.entries(template.Resources).filter(
    ([, resource]) => !REFUSED.some((refuses) => refuses(resource)),
  );
  const names = new Set(kept.map(([name]) => name));
  const Resources = Object.fromEntries(
    kept.map(([name, resource]) => [name, withLayerFiles(withDependencies(resource, names), layerFiles)]),
  );
  return { ...template, Resources };
}

function withDependencies(resource: Resource, names: Set<string>): Resource {
  if (resource.DependsOn === undefined) return resource;
  return { ...resource, DependsOn: [resource.DependsOn].flat().filter((name) => names.has(name)) };
}

function withLayerFiles(resource: Resource, layerFiles: Record<string, string>): Resource {
  if (resource.Type !== 'AWS::Lambda::Function' || !resource.Properties?.Layers) return resource;
  // Every process of the function would unpack the layer anew, to where nobody looks.
  const { Layers: _unseen, ...properties } = resource.Properties;
  const { Variables } = (properties.Environment ?? {}) as { Variables?: Record<string, unknown> };
  return { ...resource, Properties: { ...properties, Environment: { Variables: { ...Variables, ...layerFiles } } } };
}
