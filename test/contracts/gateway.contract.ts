import { connectingContract } from './gateway/connecting.ts';
import { closedAfterEach, type OpenGatewayUnderTest } from './gateway/harness.ts';
import { httpAnswersContract } from './gateway/http-answers.ts';
import { httpRequestsContract } from './gateway/http-requests.ts';
import { limitsContract } from './gateway/limits.ts';
import { messagesContract } from './gateway/messages.ts';
import { postsContract } from './gateway/posts.ts';

export { stageContract } from './gateway/stage.ts';

/** What every gateway that runs the handlers must do, as API Gateway does it. */
export function gatewayContract(openGateway: OpenGatewayUnderTest): void {
  const open = closedAfterEach(openGateway);
  connectingContract(open);
  messagesContract(open);
  limitsContract(open);
  postsContract(open);
  httpRequestsContract(open);
  httpAnswersContract(open);
}
