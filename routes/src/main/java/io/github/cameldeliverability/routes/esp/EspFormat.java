package io.github.cameldeliverability.routes.esp;

import java.util.List;

/** How one service signs and what it posts. Stateless. */
interface EspFormat {

    /**
     * Checks who sent the request, in constant time where secrets are compared.
     *
     * @throws EspRefusal if that is not proven
     */
    void check(EspRequest request, EspSettings settings) throws EspRefusal;

    /**
     * Reads a request that was checked. Events that are no feedback, such as opens, are left out.
     *
     * @throws EspRefusal if it is none of the service's
     */
    List<EspEvent> read(EspRequest request) throws EspRefusal;
}
