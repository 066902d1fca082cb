/** The functions of a local stack, and changes of them that a deployment would make. */
import {
  type FunctionConfiguration,
  type LambdaClient,
  PublishVersionCommand,
  paginateListAliases,
  paginateListFunctions,
  UpdateAliasCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';

export async function* functionsOf(client: LambdaClient): AsyncGenerator<FunctionConfiguration> {
  for await (const { Functions = [] } of paginateListFunctions({ client }, {})) yield* Functions;
}

/** Sets these variables of every function, and has its alias, if it has one, lead to what it is now. */
export async function setEnvironment(lambda: LambdaClient, variables: Record<string, string>): Promise<void> {
  for await (const { FunctionName, Environment } of functionsOf(lambda)) {
    const Variables = { ...Environment?.Variables, ...variables };
    await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables } }));
    for await (const { Aliases = [] } of paginateListAliases({ client: lambda }, { FunctionName })) {
      for (const { Name } of Aliases) {
        const { Version: FunctionVersion } = await lambda.send(new PublishVersionCommand({ FunctionName }));
        await lambda.send(new UpdateAliasCommand({ FunctionName, Name, FunctionVersion }));
      }
    }
  }
}
