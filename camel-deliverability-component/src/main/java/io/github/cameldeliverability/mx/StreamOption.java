package io.github.cameldeliverability.mx;

import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * An option that belongs to the stream, not to the endpoint that states it: there is one value a stream.
 *
 * @param name as in the URI
 */
record StreamOption<T>(String name, Function<MxConfiguration, T> get, BiConsumer<MxConfiguration, T> set) {

    static final List<StreamOption<?>> ALL = List.of(
            new StreamOption<>("returnPath", MxConfiguration::getReturnPath, MxConfiguration::setReturnPath),
            new StreamOption<>("verp", MxConfiguration::getVerp, MxConfiguration::setVerp),
            new StreamOption<>("heloName", MxConfiguration::getHeloName, MxConfiguration::setHeloName),
            new StreamOption<>("maxAge", MxConfiguration::getMaxAge, MxConfiguration::setMaxAge),
            new StreamOption<>(
                    "suppressionList", MxConfiguration::getSuppressionList, MxConfiguration::setSuppressionList),
            new StreamOption<>(
                    "suppressionScopes", MxConfiguration::getSuppressionScopes, MxConfiguration::setSuppressionScopes),
            new StreamOption<>(
                    "unsubscribeUrl", MxConfiguration::getUnsubscribeUrl, MxConfiguration::setUnsubscribeUrl),
            new StreamOption<>(
                    "unsubscribeMailto", MxConfiguration::getUnsubscribeMailto, MxConfiguration::setUnsubscribeMailto),
            new StreamOption<>(
                    "unsubscribeScope", MxConfiguration::getUnsubscribeScope, MxConfiguration::setUnsubscribeScope),
            new StreamOption<>(
                    "unsubscribeValidity",
                    MxConfiguration::getUnsubscribeValidity,
                    MxConfiguration::setUnsubscribeValidity),
            new StreamOption<>("exempt", MxConfiguration::getExempt, MxConfiguration::setExempt),
            new StreamOption<>("canonical", MxConfiguration::getCanonical, MxConfiguration::setCanonical),
            new StreamOption<>("notifySender", MxConfiguration::getNotifySender, MxConfiguration::setNotifySender),
            new StreamOption<>("fallback", MxConfiguration::getFallback, MxConfiguration::setFallback),
            new StreamOption<>("fallbackOn", MxConfiguration::getFallbackOn, MxConfiguration::setFallbackOn),
            new StreamOption<>("dkimDomain", MxConfiguration::getDkimDomain, MxConfiguration::setDkimDomain),
            new StreamOption<>("dkimSelector", MxConfiguration::getDkimSelector, MxConfiguration::setDkimSelector),
            new StreamOption<>("dkimKey", MxConfiguration::getDkimKey, MxConfiguration::setDkimKey),
            new StreamOption<>("dkimSigners", MxConfiguration::getDkimSigners, MxConfiguration::setDkimSigners),
            new StreamOption<>("tlsPolicy", MxConfiguration::getTlsPolicy, MxConfiguration::setTlsPolicy),
            new StreamOption<>(
                    "allowPrivateAddresses",
                    MxConfiguration::isAllowPrivateAddresses,
                    MxConfiguration::setAllowPrivateAddresses),
            new StreamOption<>("smarthost", MxConfiguration::getSmarthost, MxConfiguration::setSmarthost),
            new StreamOption<>(
                    "smarthostUsername", MxConfiguration::getSmarthostUsername, MxConfiguration::setSmarthostUsername),
            new StreamOption<>(
                    "smarthostPassword", MxConfiguration::getSmarthostPassword, MxConfiguration::setSmarthostPassword),
            new StreamOption<>("smarthostAuth", MxConfiguration::getSmarthostAuth, MxConfiguration::setSmarthostAuth),
            new StreamOption<>("smarthostTls", MxConfiguration::getSmarthostTls, MxConfiguration::setSmarthostTls),
            new StreamOption<>("sourceAddress", MxConfiguration::getSourceAddress, MxConfiguration::setSourceAddress),
            new StreamOption<>(
                    "sourceAddresses", MxConfiguration::getSourceAddresses, MxConfiguration::setSourceAddresses),
            new StreamOption<>(
                    "maxConnections", MxConfiguration::getMaxConnections, MxConfiguration::setMaxConnections),
            new StreamOption<>("messageRate", MxConfiguration::getMessageRate, MxConfiguration::setMessageRate),
            new StreamOption<>("dailyCap", MxConfiguration::getDailyCap, MxConfiguration::setDailyCap),
            new StreamOption<>("retrySchedule", MxConfiguration::getRetrySchedule, MxConfiguration::setRetrySchedule),
            new StreamOption<>(
                    "smarthostQuota", MxConfiguration::getSmarthostQuota, MxConfiguration::setSmarthostQuota),
            new StreamOption<>("priority", MxConfiguration::getPriority, MxConfiguration::setPriority),
            new StreamOption<>("weight", MxConfiguration::getWeight, MxConfiguration::setWeight));

    boolean differs(MxConfiguration a, MxConfiguration b) {
        return !Objects.equals(get.apply(a), get.apply(b));
    }

    void copy(MxConfiguration from, MxConfiguration to) {
        set.accept(to, get.apply(from));
    }
}
